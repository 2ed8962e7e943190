"""Who has stopped marketing gets none, and an answer all the same."""

from pathlib import Path

import pytest

from tests.send.stage import stage, text

pytestmark = pytest.mark.anyio


async def test_a_marketing_template_spares_who_has_stopped_marketing(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        heard = await on.hears("whatsapp")
        await on.acts.does("anna", on.assets["whatsapp"].id, "stop")
        await on.event("contact.opted_out")
        wish = {"platform": "whatsapp", "page_id": heard["page_id"], "to": heard["from"]}
        promotion = {"type": "template", "name": "promo", "language": "de", "category": "marketing"}
        for to in (heard["from"], {"kind": "wa_id", "value": f"+{heard['from']}"}):
            refused = await on.http.post("/v1/messages", json=wish | {"to": to, "message": promotion})
            assert (refused.status_code, refused.json()["code"]) == (409, "opted_out")
        sent = await on.http.post("/v1/messages", json=wish | {"message": text("an answer")})
        assert (await on.until(sent.json()["id"], "sent", "delivered", "read"))["error"] is None
