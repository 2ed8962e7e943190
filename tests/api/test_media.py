"""Media of events, fetched over real HTTP from the town's servers and from nowhere else."""

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from adapters.message import Attachment
from gateway.downloads import Downloads, NotFetched
from gateway.services import Services
from gateway.simulator.clock import DAY
from tests.api.arrivals import arrival, with_attachment
from tests.api.conftest import OTHER, client, key_text
from tests.api.graphs import account, facing
from tests.simulator.towns import Town

pytestmark = pytest.mark.anyio
BYTES = b"%PDF-1.7 twelve pages of nothing"


async def kept(services: Services, number: int, platform: str, page_id: str, **facts: Any) -> str:
    """The path of the attachment of a new event."""
    attachment = replace(Attachment(type="file", original_type="document", storable=True), **facts)
    made = arrival(number, page_id)
    event = replace(made.decoded.event, platform=platform)
    made = with_attachment(replace(made, decoded=replace(made.decoded, event=event)), attachment)
    await services.store.accept([made])
    return f"/v1/media/{event.id}/0"


async def document(made: Town, services: Services, http: httpx.AsyncClient, **facts: Any) -> tuple[str, str]:
    """The path of a file that was sent to the town's number, and its id at Meta."""
    await http.post("/v1/accounts", json=account(made, "whatsapp", made.number.id))
    until = made.meta.clock.now_ms() + 7 * DAY
    medium = made.meta.shelf.keep(made.number.id, BYTES, "application/pdf", until)
    path = await kept(services, 1, "whatsapp", made.number.id, media_id=medium.id, **facts)
    return path, medium.id


async def test_a_file_comes_with_its_type_and_a_harmless_name(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        path, _ = await document(made, services, customer, filename='bad"\r\nname/..pdf')
        for _ in range(2):
            made.meta.advance(360)
            whole = await customer.get(path)
            assert (whole.status_code, whole.content) == (200, BYTES)
        assert whole.headers["content-type"] == "application/pdf"
        assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''bad___name_..pdf"
        assert "sandbox" in whole.headers["content-security-policy"]


async def test_a_part_of_a_file_comes_alone(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        path, _ = await document(made, services, customer)
        for asked, part in (("bytes=0-7", BYTES[:8]), ("bytes=9-", BYTES[9:]), ("bytes=-7", BYTES[-7:])):
            answer = await customer.get(path, headers={"range": asked})
            assert (answer.status_code, answer.content) == (206, part)
            assert answer.headers["content-range"].endswith(f"/{len(BYTES)}")
        beyond = await customer.get(path, headers={"range": "bytes=1000-"})
        assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable")
        assert beyond.headers["content-range"] == f"bytes */{len(BYTES)}"


async def test_it_is_nobody_elses(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        path, _ = await document(made, services, customer)
        async with client(facing_meta, key_text(OTHER)) as other:
            assert (await other.get(path)).status_code == 404
        for wrong in (path.replace("/0", "/1"), path.replace("/0", "/-1"), path.replace("/0", "/x")):
            assert (await customer.get(wrong)).status_code == 404


async def test_what_meta_has_no_more_is_gone_and_a_dead_token_says_so(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        path, medium = await document(made, services, customer)
        made.meta.token(made.number.id).ended = 460
        assert (await customer.get(path)).json()["code"] == "token_expired"
        made.meta.token(made.number.id).ended = None
        made.meta.shelf.remove(medium)
        gone = await customer.get(path)
        assert (gone.status_code, gone.json()["code"]) == (410, "media_expired")


async def test_a_public_address_of_metas_is_fetched_without_a_token(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        until = made.meta.clock.now_ms() + DAY
        medium = made.meta.shelf.keep(made.page.id, b"PNG", "image/png", until)
        url = made.meta.shelf.public_address(medium, made.url)
        path = await kept(services, 2, "facebook", made.page.id, url=url)
        answer = await customer.get(path)
        assert (answer.content, answer.headers["content-type"]) == (b"PNG", "image/png")
        stale = await kept(services, 3, "facebook", made.page.id, url=f"{url}x")
        assert (await customer.get(stale)).json()["code"] == "media_expired"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:6379/",
        "https://169.254.169.254/latest/meta-data",
        "https://fbcdn.net.attacker.example/a",
        "https://attacker.example/.fbcdn.net",
        "http://scontent.xx.fbcdn.net/a",
        "https://scontent.xx.fbcdn.net:8443/a",
        "https://user@attacker.example:443/",
        "file:///etc/passwd",
        "https://[broken",
    ],
)
async def test_an_address_that_is_not_metas_is_never_asked(services: Services, url: str) -> None:
    async with client(services, key_text("default")) as customer:
        path = await kept(services, 4, "facebook", "1001", url=url)
        refused = await customer.get(path)
        assert (refused.status_code, refused.json()["code"]) == (502, "media_refused")


async def test_a_wrong_hash_ends_the_stream_before_its_end(services: Services) -> None:
    async with facing(services) as (made, facing_meta):
        until = made.meta.clock.now_ms() + DAY
        url = made.meta.shelf.public_address(
            made.meta.shelf.keep(made.page.id, BYTES, "a/b", until), made.url
        )
        download = await facing_meta.downloads.fetch(url, None, None)
        received = b""
        with pytest.raises(NotFetched):
            async for chunk in download.chunks("0" * 64):
                received += chunk
        assert len(received) < len(BYTES)


async def test_a_token_goes_to_metas_hosts_only() -> None:
    async with Downloads("https://graph.facebook.com", ()) as downloads:
        assert downloads._takes_token("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1")
        assert not downloads._takes_token("https://scontent.xx.fbcdn.net/v/1")
        assert not downloads._takes_token("https://lookaside.fbsbx.com.attacker.example/")
