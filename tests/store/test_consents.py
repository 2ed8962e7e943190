"""What people agree to is kept with the element that says it."""

import pytest

from adapters.base import Identity
from adapters.parts import Consent
from gateway.store.base import Store
from gateway.store.contact import KnownAddressee
from gateway.store.records import Arrival
from tests.store.samples import NOW, PAGE, arrival, event, message, psid

pytestmark = pytest.mark.anyio

PERSON = Identity("psid", "2001", PAGE)


def consent(state: str, source: str, topic: str | None = None, at: int = NOW) -> Arrival:
    part = Consent(state=state, source=source, topic=topic)  # type: ignore[arg-type]
    happened = event(f"contact.{state}", f"{state} {topic} {at}", timestamp_ms=at, consent=part)
    return arrival(happened, psid("2001"))


async def addressee(store: Store, page_id: str = PAGE) -> KnownAddressee:
    known = await store.people.addressee("facebook", page_id, PERSON)
    assert known is not None
    return known


async def test_the_last_word_about_each_topic_is_kept(store: Store) -> None:
    await store.accept([consent("opted_in", "notification_messages", "Sales")])
    await store.accept([consent("opted_out", "notification_messages", "Sales", NOW + 2)])
    await store.accept([consent("opted_in", "notification_messages", "Sales", NOW + 1)])
    await store.accept([consent("opted_in", "send_to_messenger")])
    said = {one.topic: one.state for one in (await addressee(store)).consents}
    assert said == {"": "opted_in", "Sales": "opted_out"}


async def test_an_opt_out_of_everything_makes_the_id_stale(store: Store) -> None:
    await store.accept([message(), consent("opted_out", "optout")])
    assert (await addressee(store)).stale == "opted_out"
    await store.accept([message("m_2")])
    assert (await addressee(store)).stale is None
    assert (await addressee(store)).consents[0].state == "opted_out"


async def test_an_opt_out_of_one_topic_does_not(store: Store) -> None:
    await store.accept([message(), consent("opted_out", "notification_messages", "Sales")])
    assert (await addressee(store)).stale is None


async def test_what_was_said_to_one_page_is_no_word_to_another(store: Store) -> None:
    await store.accept([consent("opted_out", "optout")])
    assert (await addressee(store, "1002")).consents == ()
