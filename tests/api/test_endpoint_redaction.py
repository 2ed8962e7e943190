"""Which forms go with fields that are left out."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio
URL = {"url": "https://example.com/hook"}


@pytest.mark.parametrize("platforms_own", [{"format": "raw"}, {"include_raw": True}])
async def test_the_platforms_own_json_and_fields_left_out_exclude_each_other_in_any_order(
    customer: httpx.AsyncClient, platforms_own: dict[str, Any]
) -> None:
    redact = {"redact": ["from"]}
    for first, then in ((redact, platforms_own), (platforms_own, redact)):
        made = (await customer.post("/v1/endpoints", json={**URL, **first})).json()
        refused = await customer.patch(f"/v1/endpoints/{made['id']}", json=then)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "redact"
