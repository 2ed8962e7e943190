"""Two readings of the same pages agree: what the adapters ask for, the simulated Meta does."""

import pytest

from adapters import ADAPTERS
from adapters.sending import Prepared, Sent, Unsendable
from gateway.graph import Graph
from gateway.simulator import Acts, Meta, serving
from gateway.simulator.groups import Group
from tests.adapters.sends import ACCOUNTS, PERSONS, sends

GROUP = "Y2FwaV9ncm91cDox"
NEEDS = {
    "by_id": "a file that nobody has uploaded",
    "reaction": "a message that nobody has sent",
    "text__reply": "a message that nobody has sent",
    "mark_read": "a message that nobody has sent",
    "typing_on__": "on WhatsApp a message that nobody has sent",
    "thread_control__pass": "an app that does not exist",
    "private_reply": "a comment that nobody has made",
    "recipient__": "somebody whom nobody has met",
    "template__": "on WhatsApp a template that nobody has written",
    "call_under_a_picture": "a file that nobody has uploaded",
}
"""What some examples refer to, by a part of their name."""


def world() -> Meta:
    """The accounts and the people of the examples."""
    meta = Meta(seed=1)
    page = meta.add_page(ACCOUNTS["facebook"].page_id)
    account = meta.add_instagram_account(ACCOUNTS["instagram"].page_id, page=page.id)
    number = meta.add_number(ACCOUNTS["whatsapp"].page_id, waba=ACCOUNTS["whatsapp"].waba_id or "")
    meta.groups[GROUP] = Group(id=GROUP, number=number.id, subject="Kettle club", people=[])
    anna = meta.add_person("anna", phone=PERSONS["whatsapp"]["value"])
    anna.scoped = {page.id: PERSONS["facebook"]["value"], account.id: PERSONS["instagram"]["value"]}
    meta.limits.quota.pair_burst = 1_000
    return meta


def prepared(platform: str) -> list[tuple[str, Prepared]]:
    """The requests of every example that the channel can express and that refers to nothing else."""
    made = []
    for name, outgoing in sends(platform):
        try:
            made.append((name, ADAPTERS[platform].request(outgoing, ACCOUNTS[platform])))
        except Unsendable:
            continue
    return [(name, one) for name, one in made if not any(part in name for part in NEEDS)]


@pytest.mark.anyio
@pytest.mark.parametrize("platform", ADAPTERS)
async def test_every_request_of_an_adapter_is_accepted(platform: str) -> None:
    meta, page = world(), ACCOUNTS[platform].page_id
    async with serving(meta) as url, Graph(url, "v25.0") as graph:
        await Acts(meta).sends("anna", page, "hello")
        examples = prepared(platform)
        assert len(examples) > 10
        for name, one in examples:
            for request in one.requests:
                answer = await graph.call(request, meta.token(page).value)
                result = ADAPTERS[platform].result(answer.status, answer.headers, answer.body)
                assert isinstance(result, Sent), (name, answer.body)
