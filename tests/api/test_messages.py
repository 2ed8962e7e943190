"""Messages: what is taken, and what is refused before anything is asked of the platform."""

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from adapters.parts import Consent
from gateway.services import Services
from gateway.store.records import Account
from tests.api.arrivals import arrival
from tests.api.conftest import OTHER, Time
from tests.api.test_tenancy import ACCOUNT, HELLO

pytestmark = pytest.mark.anyio
HOUR = 3_600_000


@pytest.fixture(autouse=True)
async def page(operator: httpx.AsyncClient) -> None:
    """A page that can send."""
    await operator.post("/v1/accounts", json=ACCOUNT)


async def hear(services: Services, customer: httpx.AsyncClient) -> dict[str, Any]:
    """Somebody (psid 7001) writes; their conversation."""
    heard = arrival(received_at=services.clock())
    event = replace(heard.decoded.event, timestamp_ms=services.clock())
    decoded = replace(heard.decoded, event=event, opens_window=True)
    await services.store.accept([replace(heard, decoded=decoded)])
    return dict((await customer.get("/v1/conversations")).json()["data"][0])


@pytest.fixture
async def heard(services: Services, customer: httpx.AsyncClient, time: Time) -> Time:
    """The clock, after psid 7001 has just written."""
    await hear(services, customer)
    return time


async def refusal(http: httpx.AsyncClient, **changes: Any) -> tuple[str, str]:
    """The code, and the field at fault."""
    wish = {name: value for name, value in {**HELLO, **changes}.items() if value is not None}
    answer = await http.post("/v1/messages", json=wish)
    problem = answer.json()
    return problem["code"], problem.get("errors", [{"field": ""}])[0]["field"]


async def test_a_message_is_kept_and_its_customer_sees_it(
    operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> None:
    answer = await operator.post("/v1/messages", json=HELLO)
    assert answer.status_code == 202
    assert answer.json()["state"] == "queued"
    shown = (await customer.get(f"/v1/messages/{answer.json()['id']}")).json()
    assert shown["to"] == {"kind": "psid", "value": "7001"}
    assert shown["message"] == HELLO["message"]


async def test_a_conversation_is_answered_by_its_id_alone(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> None:
    conversation = await hear(services, customer)
    wish = {"conversation_id": conversation["id"], "message": HELLO["message"]}
    made = await operator.post("/v1/messages", json=wish)
    shown = (await customer.get(f"/v1/messages/{made.json()['id']}")).json()
    assert (shown["to"], shown["page_id"]) == ({"kind": "psid", "value": "7001"}, "1001")
    listed = await customer.get(f"/v1/messages?conversation_id={conversation['id']}&state=queued")
    assert [one["id"] for one in listed.json()["data"]] == [made.json()["id"]]
    assert (await customer.get("/v1/messages?state=sent")).json()["data"] == []


async def test_a_page_without_a_token_sends_nothing_and_the_refusal_says_what_to_do(
    operator: httpx.AsyncClient,
) -> None:
    await operator.post("/v1/accounts", json={"platform": "facebook", "page_id": "1002"})
    answer = await operator.post("/v1/messages", json={**HELLO, "page_id": "1002"})
    assert (answer.status_code, answer.json()["code"]) == (409, "permission")
    assert "POST /v1/accounts" in answer.json()["detail"]


async def test_a_persons_id_on_one_page_is_no_address_on_another(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> None:
    conversation = await hear(services, customer)
    await operator.post("/v1/accounts", json={**ACCOUNT, "page_id": "1002"})
    assert await refusal(operator, page_id="1002") == ("account_mismatch", "to")
    by_conversation = {"to": None, "conversation_id": conversation["id"]}
    assert await refusal(operator, page_id="1002", **by_conversation) == ("account_mismatch", "page_id")


async def test_another_customers_people_are_not_given_away(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> None:
    conversation = await hear(services, customer)
    theirs = Account(
        id="acc_theirs",
        customer_id=OTHER,
        platform="facebook",
        page_id="1003",
        access_token="t",
        created_at=1,
    )
    await services.store.put_account(theirs)
    await services.directory.reload()
    as_other = {"page_id": "1003", "customer_id": OTHER}
    wish = {**HELLO, **as_other}
    assert (await operator.post("/v1/messages", json=wish)).status_code == 202
    into = {"to": None, "conversation_id": conversation["id"]}
    assert await refusal(operator, **as_other, **into) == ("not_found", "")


@pytest.mark.parametrize(
    ("hours", "changes", "code"),
    [
        (23, {}, None),
        (25, {}, "outside_window"),
        (25, {"sender": "human"}, None),
        (25, {"message": {"type": "typing_on"}}, None),
        (8 * 24, {"sender": "human"}, "outside_window"),
    ],
)
async def test_only_a_known_closed_window_is_refused(
    heard: Time, operator: httpx.AsyncClient, hours: int, changes: dict[str, Any], code: str | None
) -> None:
    heard.now += hours * HOUR
    answer = await operator.post("/v1/messages", json={**HELLO, **changes})
    assert answer.json().get("code") == code
    assert answer.status_code == (202 if code is None else 409)


async def test_a_conversation_tells_what_can_be_sent(
    services: Services, customer: httpx.AsyncClient, time: Time
) -> None:
    conversation = await hear(services, customer)
    began = time.now // 1000
    assert conversation["can_send"] == {
        "state": "open",
        "free_form_until": began + 86_400,
        "human_agent_until": began + 7 * 86_400,
        "template_only": False,
    }
    time.now += 8 * 24 * HOUR
    shown = (await customer.get(f"/v1/conversations/{conversation['id']}")).json()
    assert shown["can_send"]["state"] == "closed"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"platform": "telegram"}, "invalid_request", "platform"),
        ({"platform": None}, "invalid_request", "platform"),
        ({"page_id": None}, "invalid_request", "page_id"),
        ({"to": None}, "invalid_request", "to"),
        ({"conversation_id": "conv_fb_x"}, "invalid_request", "to"),
        ({"to": {"kind": "wa_id", "value": "43664"}}, "account_mismatch", "to.kind"),
        ({"message": {"type": "text", "body": ""}}, "invalid_request", "message.body"),
        ({"message": {"type": "text", "body": "x" * 2_001}}, "invalid_request", "message.body"),
        ({"message": {"type": "text", "text": "x"}}, "invalid_request", "message.text"),
        ({"message": {"type": "smoke"}}, "invalid_request", "message.type"),
        ({"message_tag": "HUMAN_AGENT"}, "policy", "message_tag"),
        ({"message": {"type": "template", "name": "a", "language": "de"}}, "unsupported", "message.type"),
        ({"page_id": "9999"}, "not_found", ""),
    ],
)
async def test_what_cannot_go_out_is_refused_by_name(
    operator: httpx.AsyncClient, changes: dict[str, Any], code: str, field: str
) -> None:
    assert await refusal(operator, **changes) == (code, field)


async def test_a_message_under_an_idempotency_key_is_sent_once(
    operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> None:
    headers = {"Idempotency-Key": "the-same"}
    answers = [await operator.post("/v1/messages", json=HELLO, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await customer.get("/v1/messages")).json()["data"]) == 1


async def test_who_opted_out_gets_an_answer_in_the_window_and_a_human_not_after_it(
    services: Services, heard: Time, operator: httpx.AsyncClient
) -> None:
    now = heard()
    said = arrival(number=2, received_at=now)
    event = replace(
        said.decoded.event,
        event="contact.opted_out",
        timestamp_ms=now,
        message=None,
        consent=Consent(state="opted_out", source="optout"),
    )
    await services.store.accept([replace(said, decoded=replace(said.decoded, event=event))])
    by_a_human = {**HELLO, "sender": "human"}
    assert (await operator.post("/v1/messages", json=by_a_human)).status_code == 202
    heard.now = now + 25 * HOUR
    refused = await operator.post("/v1/messages", json=by_a_human)
    assert (refused.status_code, refused.json()["code"]) == (409, "opted_out")
