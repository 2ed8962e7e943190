"""Files that go to the platform before they are sent, over real HTTP to the town's servers."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.api.uploads import LARGEST
from gateway.services import Services
from tests.api.conftest import OTHER, client, key_of, key_text
from tests.api.graphs import account, facing
from tests.simulator.towns import NOON, Town

pytestmark = pytest.mark.anyio
PICTURE = b"\x89PNG of a kettle"
Facing = tuple[Town, Services, httpx.AsyncClient]


@pytest.fixture
async def facing_meta(services: Services) -> AsyncIterator[Facing]:
    """The town, its services, and the customer that has connected everything."""
    for customer_id in ("default", OTHER):
        await services.store.put_key(key_of(customer_id, ("write", "send")))
    await services.directory.reload()
    async with facing(services) as (made, served), client(served, key_text("default")) as customer:
        for platform, asset in _assets(made).items():
            await customer.post("/v1/accounts", json=account(made, platform, asset))
        yield made, served, customer


def _assets(made: Town) -> dict[str, str]:
    return {"facebook": made.page.id, "instagram": made.account.id, "whatsapp": made.number.id}


async def upload(
    http: httpx.AsyncClient, platform: str, page_id: str, content: bytes = PICTURE, **changes: str
) -> httpx.Response:
    """A picture, unless told otherwise."""
    query = {"platform": platform, "page_id": page_id, "filename": changes.get("filename", "kettle.png")}
    headers = {"content-type": changes.get("type", "image/png")}
    return await http.post("/v1/messages/upload", params=query, content=content, headers=headers)


@pytest.mark.parametrize("platform", ["facebook", "instagram", "whatsapp"])
async def test_a_file_gets_an_id_of_the_platform(facing_meta: Facing, platform: str) -> None:
    made, _, customer = facing_meta
    answer = await upload(customer, platform, _assets(made)[platform])
    assert answer.status_code == 201, answer.text
    kept = made.meta.shelf.find(answer.json()["media_id"], NOON)
    assert kept is not None
    assert (kept.asset, kept.content) == (_assets(made)[platform], PICTURE)


async def test_a_page_of_another_customer_is_not_there(facing_meta: Facing) -> None:
    made, served, _ = facing_meta
    async with client(served, key_text(OTHER)) as other:
        answer = await upload(other, "facebook", made.page.id)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_page_without_a_token_cannot_upload(facing_meta: Facing, operator: httpx.AsyncClient) -> None:
    await operator.post("/v1/accounts", json={"platform": "facebook", "page_id": "1001"})
    answer = await upload(operator, "facebook", "1001")
    assert (answer.status_code, answer.json()["code"]) == (409, "permission")


@pytest.mark.parametrize(
    ("content", "changes", "code"),
    [
        (PICTURE, {"type": "png"}, "unsupported_media_type"),
        (PICTURE, {"type": "multipart/form-data; boundary=x"}, "unsupported_media_type"),
        (b"", {}, "invalid_request"),
        (PICTURE, {"filename": "a\r\nb.png"}, "invalid_request"),
        (PICTURE, {"filename": "../a.png"}, "invalid_request"),
        (bytes(LARGEST + 1), {}, "body_too_large"),
    ],
)
async def test_what_is_no_file_is_refused(
    facing_meta: Facing, content: bytes, changes: dict[str, str], code: str
) -> None:
    made, _, customer = facing_meta
    answer = await upload(customer, "facebook", made.page.id, content, **changes)
    assert answer.json()["code"] == code


async def test_what_the_platform_does_not_take_is_said(facing_meta: Facing) -> None:
    made, _, customer = facing_meta
    answer = await upload(customer, "whatsapp", made.number.id, type="font/woff2")
    assert answer.status_code == 422
    assert "font/woff2" in answer.json()["errors"][0]["detail"]


async def test_a_token_that_has_ended_is_named(facing_meta: Facing) -> None:
    made, _, customer = facing_meta
    made.meta.token(made.page.id).ended = 463
    answer = await upload(customer, "facebook", made.page.id)
    assert answer.json()["code"] == "token_expired"


async def test_what_was_uploaded_under_a_key_is_not_uploaded_again(facing_meta: Facing) -> None:
    made, _, customer = facing_meta
    customer.headers["idempotency-key"] = "once"
    answers = [await upload(customer, "facebook", made.page.id) for _ in range(2)]
    assert answers[0].json() == answers[1].json()


async def send(http: httpx.AsyncClient, page_id: str, message: dict[str, Any]) -> httpx.Response:
    """To somebody of whom nothing is known."""
    wish = {"platform": "facebook", "page_id": page_id, "to": {"kind": "psid", "value": "2001"}}
    return await http.post("/v1/messages", json=wish | {"message": message})


async def uploaded(served: Services, operator: httpx.AsyncClient, customer_id: str, media_id: str) -> None:
    """Another page, of this customer, has uploaded it."""
    page = {"platform": "facebook", "page_id": "1001", "customer_id": customer_id}
    assert (await operator.post("/v1/accounts", json=page)).status_code == 201
    await served.store.outbox.keep_upload("facebook", "1001", media_id, served.clock())


async def test_what_another_page_of_the_customer_has_uploaded_is_refused_by_name(
    facing_meta: Facing, operator: httpx.AsyncClient
) -> None:
    made, served, customer = facing_meta
    await uploaded(served, operator, "default", "77")
    answer = await send(customer, made.page.id, {"type": "image", "media_id": "77"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "account_mismatch")
    assert [one["field"] for one in problem["errors"]] == ["message.media_id"]
    assert "1001" in problem["detail"]


async def test_of_what_another_customer_has_uploaded_nothing_is_told(
    facing_meta: Facing, operator: httpx.AsyncClient
) -> None:
    made, served, customer = facing_meta
    await uploaded(served, operator, OTHER, "77")
    answers = [await send(customer, made.page.id, {"type": "image", "media_id": id_}) for id_ in ("77", "78")]
    assert [answer.status_code for answer in answers] == [202, 202]


async def test_what_a_page_has_uploaded_it_can_send(facing_meta: Facing) -> None:
    made, _, customer = facing_meta
    media_id = (await upload(customer, "facebook", made.page.id)).json()["media_id"]
    answer = await send(customer, made.page.id, {"type": "image", "media_id": media_id})
    assert answer.status_code == 202
