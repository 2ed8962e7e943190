"""Messages to who is erased: those on their way, those in doubt, and what waits behind them."""

import pytest

from gateway.store.base import Store
from gateway.store.outgoing import MessageFilter
from tests.store.erasures import begin, by, carry_on, erase
from tests.store.samples import NOW, PAGE, message, psid
from tests.store.test_erasures import ALL
from tests.store.whole.outgoing import begun, claim, finish, names, outgoing

pytestmark = pytest.mark.anyio

PERSON = by("psid", "2001", PAGE)


async def left(store: Store) -> list[str]:
    """Ids of the messages that are there."""
    return [one.message.id for one in (await store.outbox.messages(None, MessageFilter(), ALL)).data]


async def test_messages_in_every_state_go_and_those_to_others_stay(store: Store) -> None:
    await store.accept([message("m_1")])
    for number in range(4):
        await store.outbox.add(outgoing(f"msg_{number}"))
    await store.outbox.add(outgoing("msg_other", to="2002"))
    first, other = await claim(store)
    assert await store.outbox.begin(first, 0, NOW) and other.message.id == "msg_other"
    await finish(store, first, "accepted")
    await erase(store, PERSON)
    assert await left(store) == ["msg_other"]
    assert await store.outbox.begin(other, 0, NOW)


async def test_an_outcome_that_comes_late_is_no_news_of_the_person(store: Store) -> None:
    await store.accept([message("m_1")])
    await store.outbox.add(outgoing())
    job = await begun(store)
    await begin(store, PERSON)
    await finish(store, job, "accepted")
    await carry_on(store)
    assert await names(store) == [] and await left(store) == []


async def test_who_is_written_to_after_coming_back_is_written_to(store: Store) -> None:
    await store.accept([message("m_1")])
    await store.outbox.add(outgoing("msg_before"))
    await begin(store, PERSON)
    await store.accept([message("m_2", psid("2001"))])
    await store.outbox.add(outgoing("msg_after"))
    await carry_on(store)
    assert await left(store) == ["msg_after"]
    assert (await claim(store))[0].message.id == "msg_after"
