"""Lists: newest first, in pages that stay right while new items arrive, and each customer's own."""

from typing import Any

import pytest

from gateway.store.base import InvalidCursor, Store
from gateway.store.records import Customer, DeliveryFilter, EventFilter, PageRequest
from tests.store.samples import (
    NOW,
    arrival,
    body_of,
    claimed,
    dead,
    endpoint,
    event,
    failed,
    message,
    psid,
    queued,
    succeeded,
    wa,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def filled(store: Store) -> Store:
    """Two customers; messages m_0 … m_5 a second apart, the odd ones of `cus_2`."""
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    await store.put_endpoint(endpoint("ep_2", "cus_2"))
    for n in range(6):
        owner, route = ("default", "ep_1") if n % 2 == 0 else ("cus_2", "ep_2")
        person = psid(str(2001 + n % 2))
        await store.accept(
            [message(f"m_{n}", person, at=NOW + 1000 * n, customer_ids=(owner,), routes=queued(route))]
        )
    return store


async def mids(
    store: Store, customer_id: str | None, page: PageRequest | None = None, **which: Any
) -> list[str]:
    which.setdefault("event", "message.received")
    found = await store.events(customer_id, EventFilter(**which), page or PageRequest())
    return [body_of(one)["message"]["id"] for one in found.data]


async def test_the_operator_sees_all_and_a_customer_its_own(filled: Store) -> None:
    assert await mids(filled, None) == ["m_5", "m_4", "m_3", "m_2", "m_1", "m_0"]
    assert await mids(filled, "default") == ["m_4", "m_2", "m_0"]
    assert await mids(filled, "cus_unknown") == []
    event_id = message("m_1").decoded.event.id
    assert await filled.event("cus_2", event_id) and not await filled.event("default", event_id)
    assert await filled.raw("default", event_id) is None


async def test_events_are_listed_by_name_or_by_family(filled: Store) -> None:
    assert len(await mids(filled, "default", event="message.*")) == 3
    assert await mids(filled, "default", event="comment.*") == []


async def test_an_event_of_several_customers_is_each_ones(filled: Store) -> None:
    shared = arrival(event("account.update", "x", account={"change": "q"}), customer_ids=("default", "cus_2"))
    (admission,) = await filled.accept([shared])
    for customer_id in ("default", "cus_2", None):
        found = await filled.event(customer_id, admission.event_id)
        assert found is not None and found.customer_ids == ("default", "cus_2")
    assert len((await filled.events(None, EventFilter(event="account.update"), PageRequest())).data) == 1


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize("customer_id", [None, "default"])
async def test_pages_join_without_gaps_while_events_arrive(
    filled: Store, customer_id: str | None, ascending: bool
) -> None:
    everything = await mids(filled, customer_id, PageRequest(ascending=ascending))
    found, cursor = [], None
    for turn in range(9):
        request = PageRequest(limit=2, cursor=cursor, ascending=ascending)
        page = await filled.events(customer_id, EventFilter(event="message.received"), request)
        found += [body_of(one)["message"]["id"] for one in page.data]
        if (cursor := page.next_cursor) is None:
            break
        await filled.accept([message(f"new_{turn}", psid("2001"), at=NOW + 99_000)] if not ascending else [])
    assert found == everything


async def test_events_are_filtered(filled: Store) -> None:
    whatsapp = message("w_1", wa(("wa_id", "4915")), platform="whatsapp", at=NOW + 60_000)
    await filled.accept([whatsapp])
    assert await mids(filled, None, platform="whatsapp") == ["w_1"]
    assert await mids(filled, "default", page_id="555001") == ["w_1"]
    assert await mids(filled, "default", page_id="nowhere") == []
    assert await mids(filled, None, since=NOW + 2000, until=NOW + 4000) == ["m_3", "m_2"]
    assert await mids(filled, "default", since=NOW + 2000, until=NOW + 4000) == ["m_2"]
    assert await mids(filled, "default", since=10**18) == []


async def test_a_conversation_can_be_listed(filled: Store) -> None:
    first = await filled.event(None, message("m_0").decoded.event.id)
    assert first is not None
    conversation_id = body_of(first)["conversation_id"]
    assert await mids(filled, None, conversation_id=conversation_id) == ["m_4", "m_2", "m_0"]
    assert await mids(filled, "cus_2", conversation_id=conversation_id) == []
    assert await mids(filled, "default", conversation_id="conv_fb_unknown") == []


async def test_deliveries_are_filtered_and_each_customers_own(filled: Store) -> None:
    ((first, *_), _) = await filled.claim("ep_1", NOW + 9_000, 20_000, 1, 0)
    await filled.finish([dead(first)])
    (retried,) = await filled.accept([message("m_9", psid("2009"), routes=claimed("ep_1"))])
    await filled.finish([failed(retried.jobs[0], NOW + 99_000)])

    async def listed(customer_id: str | None, **which: Any) -> int:
        return len((await filled.deliveries(customer_id, DeliveryFilter(**which), PageRequest())).data)

    assert (await listed(None), await listed("default"), await listed("cus_2")) == (7, 4, 3)
    assert await listed(None, endpoint_id="ep_2") == 3 and await listed("default", endpoint_id="ep_2") == 0
    assert await listed("default", state="dead") == await listed("default", state="failed") == 1
    assert await listed(None, state="pending") == 5 and await listed(None, state="delivered") == 0
    assert await listed(None, event_id=first.event_id) == 1
    assert await listed("cus_2", event_id=first.event_id) == await listed(None, event_id="evt_no") == 0


async def test_open_and_finished_deliveries_are_one_list_in_pages(filled: Store) -> None:
    ((first, *_), _) = await filled.claim("ep_1", NOW + 9_000, 20_000, 1, 0)
    await filled.finish([succeeded(first)])
    everything = (await filled.deliveries(None, DeliveryFilter(), PageRequest())).data
    assert [one.created_at for one in everything] == [NOW + 1000 * n for n in (5, 4, 3, 2, 1, 0)]
    found: list[str] = []
    cursor = None
    while len(found) < 6:
        page = await filled.deliveries(None, DeliveryFilter(), PageRequest(limit=4, cursor=cursor))
        found += [one.id for one in page.data]
        cursor = page.next_cursor
    assert found == [one.id for one in everything] and cursor is None


async def test_a_delivery_and_its_attempts_are_its_customers(filled: Store) -> None:
    ((job, *_), _) = await filled.claim("ep_1", NOW + 9_000, 20_000, 1, 0)
    assert await filled.attempts("default", job.delivery_id) == []
    for unknown in ("dlv_", "dlv_x_y", "evt_1", job.delivery_id + "x"):
        assert await filled.delivery(None, unknown) is None
    assert await filled.delivery("cus_2", job.delivery_id) is None
    assert await filled.attempts("cus_2", job.delivery_id) is None


@pytest.mark.parametrize("cursor", ["", "x", "1-2-3", "-1", "9" * 30, "٣"])
async def test_an_invented_cursor_is_refused(store: Store, cursor: str) -> None:
    request = PageRequest(cursor=cursor)
    with pytest.raises(InvalidCursor):
        await store.events(None, EventFilter(), request)
    with pytest.raises(InvalidCursor):
        await store.deliveries(None, DeliveryFilter(), request)
    with pytest.raises(InvalidCursor):
        await store.quarantined(request)
