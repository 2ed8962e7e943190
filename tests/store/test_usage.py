"""What accounts were used for, counted once and kept longer than the events."""

import pytest
from msgspec.structs import replace

from adapters.event import encode
from gateway.store.base import Store
from gateway.store.records import Arrival
from gateway.store.usage import Usage
from tests.store.conftest import OpenStore
from tests.store.samples import DAY, NOW, PAGE, message, psid, retaining

pytestmark = pytest.mark.anyio


def sent(arrival: Arrival, name: str, **facts: object) -> Arrival:
    """The same, as something that the business wrote."""
    event = replace(arrival.decoded.event, event=name, direction="outbound", **facts)
    return replace(arrival, decoded=replace(arrival.decoded, event=event), body=encode(event))


async def month(store: Store, customer_id: str | None = None, name: str = "2026-01") -> tuple[Usage, ...]:
    while await store.usage.tally(2):
        pass
    return await store.usage.read(customer_id, name)


async def test_messages_are_counted_by_direction_and_conversations_once(store: Store) -> None:
    await store.accept([message("m1"), message("m2"), message("m3", psid("2002"))])
    await store.accept([sent(message("m4"), "message.echo", origin="page_inbox")])
    await store.accept([sent(message("m5"), "message.echo", origin="gateway")])
    (one,) = await month(store)
    assert (one.customer_id, one.platform, one.page_id) == ("default", "facebook", PAGE)
    assert (one.messages_received, one.messages_sent, one.conversations) == (3, 1, 2)


async def test_a_conversation_counts_again_in_the_next_month(store: Store) -> None:
    for number, days in enumerate((0, 1, 31, 62)):
        await store.accept([replace(message(f"m{number}"), received_at=NOW + days * DAY)])
        await month(store)
    counted = [(await month(store, name=name))[0].conversations for name in ("2026-01", "2026-02", "2026-03")]
    assert counted == [1, 1, 1]


async def test_counts_outlive_the_events_and_the_process(open_store: OpenStore) -> None:
    store = await open_store()
    await store.accept([message("m1")])
    counted = await month(store)
    while await store.prune(NOW + 90 * DAY, retaining(), 100):
        pass
    await store.close()
    assert await month(await open_store()) == counted


async def test_each_customer_sees_its_own(store: Store) -> None:
    await store.accept([replace(message("m1"), customer_ids=("default", "cus_other"))])
    await store.accept([replace(message("m2"), customer_ids=())])
    assert [one.customer_id for one in await month(store)] == ["cus_other", "default"]
    assert [one.customer_id for one in await month(store, "cus_other")] == ["cus_other"]
    assert await month(store, "cus_nobody") == ()
