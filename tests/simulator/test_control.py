"""`/_simulator`: everything that the process can do to its Meta, over HTTP."""

from typing import Any

import pytest

from gateway.simulator.operations import operations
from tests.simulator.callbacks import VERIFY_TOKEN
from tests.simulator.towns import NOON, Town, error, town

pytestmark = pytest.mark.anyio


async def operate(made: Town, operation: str, **given: Any) -> Any:
    answer = await made.http.post(f"{made.url}/_simulator/{operation}", json=given)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


async def test_a_conversation_is_led_from_another_process() -> None:
    async with town(subscribed=False) as made:
        page = (await operate(made, "add_page", name="Teapots"))["id"]
        await operate(made, "add_person", key="ben", name="Ben Ohm")
        await operate(
            made, "subscribe", platform="facebook", url=made.callback.url, verify_token=VERIFY_TOKEN
        )
        (sent,) = await operate(made, "sends", person="ben", asset=page, text="Hello")
        assert sent["answers"] == [200]
        psid = sent["body"]["entry"][0]["messaging"][0]["sender"]["id"]
        token = await operate(made, "token", asset=page)
        answer = await made.http.post(
            f"/{page}/messages",
            params={"access_token": token},
            json={"recipient": {"id": psid}, "message": {"text": "Hi Ben"}},
        )
        await operate(made, "settled")
        (received,) = await operate(made, "received_by", person="ben", asset=page)
        assert (received["id"], received["content"]) == (answer.json()["message_id"], {"text": "Hi Ben"})
        assert len(await operate(made, "notifications")) == 4


async def test_time_faults_and_habits_are_set_from_another_process() -> None:
    async with town(subscribed=False) as made:
        await operate(made, "sends", person="anna", asset=made.page.id, text="hello")
        await operate(made, "advance", seconds=3600)
        assert made.meta.clock.now_ms() == NOON + 3_600_000
        await operate(made, "fault", kind="error", code=613, times=1)
        assert error(await made.write()) == (613, 0)
        assert (await operate(made, "manner", copies=2))["copies"] == 2
        assert (await operate(made, "quota", pair_burst=5))["pair_burst"] == 5
        await operate(made, "end_token", asset=made.page.id)
        assert error(await made.write()) == (190, 463)


@pytest.mark.parametrize(
    ("operation", "given", "status"),
    [
        ("fly", {}, 404),
        ("sends", {"person": "anna"}, 400),
        ("advance", {"seconds": "long"}, 400),
        ("advance", {"seconds": -1}, 400),
        ("manner", {"copies": "many"}, 400),
        ("manner", {"moods": 1}, 400),
        ("fault", {"kind": "earthquake"}, 400),
        ("sends", {"person": "nobody", "asset": "1", "text": "x"}, 409),
        ("does", {"person": "anna", "asset": "404", "kind": "text"}, 409),
    ],
)
async def test_what_cannot_be_done_is_said(operation: str, given: dict[str, Any], status: int) -> None:
    async with town(subscribed=False) as made:
        answer = await made.http.post(f"{made.url}/_simulator/{operation}", json=given)
        assert answer.status_code == status
        assert answer.json()["error"]


async def test_the_overview_names_what_there_is() -> None:
    async with town(subscribed=False) as made:
        shown = (await made.http.get(f"{made.url}/_simulator")).json()
        assert [asset["id"] for asset in shown["assets"]] == [made.page.id, made.account.id, made.number.id]
        assert shown["people"][0]["key"] == "anna"
        assert set(shown["operations"]) == set(operations(made.meta))
