"""Pulling: every event once acknowledged is done, every other one comes again, in order, for ever."""

import asyncio
from typing import Any

import pytest

from gateway.store.base import InvalidCursor, Store
from gateway.store.records import (
    Arrival,
    Customer,
    DeliveryFilter,
    Emission,
    Endpoint,
    LogPage,
    PageRequest,
)
from tests.store.conftest import OpenStore
from tests.store.samples import (
    DAY,
    NOW,
    arrival,
    body_of,
    edit,
    endpoint,
    event,
    message,
    psid,
    queued,
    retaining,
)

pytestmark = pytest.mark.anyio

PULL = endpoint("ep_pull", type="pull")


def messages(*numbers: int) -> list[Arrival]:
    return [message(f"m_{number}", at=NOW + number) for number in numbers]


async def ids(store: Store, *arrivals: Arrival) -> list[str]:
    """Take them in, and tell their ids."""
    return [admission.event_id for admission in await store.accept(arrivals)]


async def read(store: Store, pulling: Endpoint = PULL, limit: int = 100) -> LogPage:
    """What is not acknowledged."""
    return await store.log(pulling, await store.acknowledge(pulling.id, None), limit)


async def pulled(store: Store, pulling: Endpoint = PULL) -> list[str]:
    """The ids of the same, but for the start of the conversation."""
    entries = (await read(store, pulling)).entries
    return [entry.id for entry in entries if entry.name != "conversation.started"]


async def test_a_new_endpoint_begins_at_the_end_of_the_log(store: Store) -> None:
    await store.accept(messages(1))
    await store.put_endpoint(PULL)
    assert await pulled(store) == []
    assert await ids(store, *messages(2, 3)) == await pulled(store)


async def test_since_begins_earlier_or_later(store: Store) -> None:
    earlier, later = [endpoint(f"ep_{at}", type="pull", since=NOW + at) for at in (2, 5)]
    first = await ids(store, *messages(1, 2, 3))
    await store.put_endpoint(earlier)
    await store.put_endpoint(later)
    last = await ids(store, *messages(4, 5))
    assert await pulled(store, earlier) == first[1:] + last
    assert await pulled(store, later) == last[1:]


async def test_the_same_events_come_until_they_are_acknowledged(store: Store) -> None:
    await store.put_endpoint(PULL)
    taken = await ids(store, *messages(1, 2, 3))
    entries = (await read(store)).entries
    assert await pulled(store) == taken
    await store.acknowledge(PULL.id, entries[-2].cursor)
    assert await pulled(store) == taken[2:]


async def test_a_place_outlives_the_process(open_store: OpenStore) -> None:
    store = await open_store()
    await store.put_endpoint(PULL)
    taken = await ids(store, *messages(1, 2, 3))
    await store.acknowledge(PULL.id, (await read(store)).entries[1].cursor)
    await store.close()
    again = await open_store()
    assert taken[1:] + await ids(again, *messages(4)) == await pulled(again)


async def test_a_place_goes_forward_only_and_never_beyond_the_last_event(store: Store) -> None:
    await store.put_endpoint(PULL)
    await store.accept(messages(1, 2))
    entries = (await read(store)).entries
    await store.acknowledge(PULL.id, str(2**63 - 1))
    assert await store.acknowledge(PULL.id, entries[0].cursor) == entries[-1].cursor
    assert await ids(store, *messages(3)) == await pulled(store)


async def test_a_change_of_the_endpoint_leaves_its_place(store: Store) -> None:
    await store.put_endpoint(PULL)
    taken = await ids(store, *messages(1))
    await store.put_endpoint(endpoint(PULL.id, type="pull", description="changed"))
    assert await pulled(store) == taken


async def test_what_is_in_nobodys_form_is_no_cursor(store: Store) -> None:
    await store.put_endpoint(PULL)
    for text in ("", "x", "-1", "1-2", "9" * 20):
        with pytest.raises(InvalidCursor):
            await store.acknowledge(PULL.id, text)
        with pytest.raises(InvalidCursor):
            await store.log(PULL, text, 1)


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"events": ("postback.received",)}, [2]),
        ({"events": ("message.*",)}, [0, 1]),
        ({"platforms": ("whatsapp",)}, [1]),
        ({"page_ids": ("1001",)}, [0, 2]),
    ],
)
async def test_filters_hold_when_it_is_read(store: Store, filters: dict[str, Any], wanted: list[int]) -> None:
    filtered = endpoint("ep_filtered", type="pull", **filters)
    await store.put_endpoint(filtered)
    postback = arrival(event("postback.received", "p_1"))
    taken = await ids(store, *messages(1), message("w_1", platform="whatsapp"), postback)
    # They are of two pages, so no order is promised.
    assert sorted(await pulled(store, filtered)) == sorted(taken[number] for number in wanted)


async def test_what_is_filtered_out_is_acknowledged_with_the_page(store: Store) -> None:
    narrow = endpoint("ep_narrow", type="pull", events=("postback.received",))
    await store.put_endpoint(narrow)
    await store.accept(messages(1, 2))
    page = await read(store, narrow)
    assert (page.entries, page.more) == ((), False)
    assert await store.acknowledge(narrow.id, page.cursor) == page.cursor != "0"


async def test_pages_follow_each_other_without_a_gap(store: Store) -> None:
    await store.put_endpoint(PULL)
    taken = await ids(store, *messages(*range(1, 8)))
    found: list[str] = []
    more, position = True, await store.acknowledge(PULL.id, None)
    while more:
        page = await store.log(PULL, position, 2)
        found += [entry.id for entry in page.entries if entry.name == "message.received"]
        more, position = page.more, page.cursor
    assert found == taken


async def test_a_narrow_filter_finds_its_event_behind_thousands_of_others(store: Store) -> None:
    narrow = endpoint("ep_narrow", type="pull", events=("postback.received",))
    await store.put_endpoint(narrow)
    await store.accept([arrival(event("comment.received", f"c_{number}")) for number in range(2_500)])
    (wanted,) = await ids(store, arrival(event("postback.received", "p_1")))
    first = await read(store, narrow)
    second = await store.log(narrow, first.cursor, 10)
    assert (first.entries, first.more) == ((), True)
    assert [entry.id for entry in second.entries] == [wanted]


async def test_another_customers_events_are_not_in_the_log(store: Store) -> None:
    await store.put_customer(Customer(id="cus_2", name="2", created_at=NOW))
    theirs = endpoint("ep_theirs", "cus_2", type="pull")
    await store.put_endpoint(theirs)
    await store.accept([*messages(1), message("m_2", customer_ids=())])
    assert await pulled(store, theirs) == []
    assert await ids(store, message("m_3", customer_ids=("default", "cus_2"))) == await pulled(store, theirs)


async def test_it_has_no_deliveries_but_is_told_about(store: Store) -> None:
    await store.put_endpoint(PULL)
    (admission,) = await store.accept([message(routes=queued("ep_pull", "ep_1"))])
    assert admission.waiting == ("ep_pull", "ep_1")
    assert not await store.redeliver(None, admission.event_id, "ep_pull", NOW)
    deliveries = await store.deliveries(None, DeliveryFilter(), PageRequest())
    assert [one.endpoint_id for one in deliveries.data] == ["ep_1"]
    assert [one.endpoint_id for one in await store.backlog()] == ["ep_1"]


async def test_what_was_held_is_told_about_when_it_is_released(store: Store) -> None:
    await store.put_endpoint(PULL)
    await store.accept([edit("m_late", routes=queued("ep_pull"))])
    assert await pulled(store) == []
    (released,) = await store.release_held(NOW + 5_001)
    assert (released.waiting, await pulled(store)) == (("ep_pull",), [released.event_id])


async def test_a_test_of_another_endpoint_is_not_pulled_and_other_notices_are(store: Store) -> None:
    await store.put_endpoint(PULL)
    for name in ("test", "endpoint.disabled"):
        made = event(name, name)
        await store.emit(Emission(event=made, at=NOW, customer_id="default", endpoint_ids=("ep_pull",)))
    assert [entry.name for entry in (await read(store)).entries] == ["endpoint.disabled"]


async def test_conversations_come_in_sequence_however_many_are_taken_in_at_once(store: Store) -> None:
    await store.put_endpoint(PULL)
    people = [psid(str(number)) for number in range(4)]
    lots = [[message(f"m_{lot}_{n}", person) for n, person in enumerate(people)] for lot in range(20)]
    await asyncio.gather(*(store.accept(lot) for lot in lots))
    sequences: dict[str, list[int]] = {}
    for body in map(body_of, (await read(store, limit=1_000)).entries):
        sequences.setdefault(body["conversation_id"], []).append(body["sequence"])
    assert list(sequences.values()) == [list(range(1, 22))] * 4


async def test_nothing_appears_behind_a_cursor_while_others_write(store: Store) -> None:
    await store.put_endpoint(PULL)
    writing = asyncio.gather(*(store.accept([message(f"m_{n}", psid(str(n)))]) for n in range(200)))
    found: list[str] = []
    position = await store.acknowledge(PULL.id, None)
    while True:
        finished = writing.done()
        page = await store.log(PULL, position, 7)
        found += [entry.id for entry in page.entries if entry.name == "message.received"]
        position = page.cursor
        if finished and not page.more:
            break
    assert found == sorted(set(found), key=found.index)
    assert set(found) == {admission.event_id for (admission,) in await writing}


async def test_what_is_older_than_the_retention_is_gone_acknowledged_or_not(store: Store) -> None:
    await store.put_endpoint(PULL)
    await store.accept(messages(1))
    (kept,) = await ids(store, message("m_2", at=NOW + DAY))
    await store.prune(NOW + 30 * DAY + 10, retaining(), 100)
    assert await pulled(store) == [kept]
    await store.prune(NOW + 32 * DAY, retaining(), 100)
    await store.acknowledge(PULL.id, (await read(store)).cursor)
    assert await ids(store, message("m_3", at=NOW + 32 * DAY)) == await pulled(store)


async def test_a_deleted_endpoint_has_no_log_of_its_own_any_more(store: Store) -> None:
    await store.put_endpoint(PULL)
    await store.delete_endpoint(PULL.id)
    assert (await store.accept([message(routes=queued("ep_pull"))]))[0].waiting == ()
