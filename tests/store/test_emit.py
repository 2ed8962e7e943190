"""Events that are born in the gateway, and what becomes of an endpoint's deliveries in numbers."""

import pytest
from msgspec.structs import replace

from adapters.event import VERSION, Event, Placement
from adapters.parts import EndpointState
from gateway.store.base import Store
from gateway.store.records import DeliveryFilter, Emission, EventFilter, PageRequest
from gateway.store.replay import ReplayPlan
from tests.store.samples import LEASE, NOW, body_of, dead, endpoint, failed, message, queued, succeeded

pytestmark = pytest.mark.anyio

ID = "evt_" + "a" * 26
FIRST = PageRequest(limit=10)


def emission(*endpoint_ids: str) -> Emission:
    """News of the endpoint `ep_1`."""
    state = EndpointState(id="ep_1", url="https://receiver.example/", state="disabled", reason="410")
    event = Event(
        id=ID,
        version=VERSION,
        event="endpoint.disabled",
        timestamp=NOW // 1000,
        timestamp_ms=NOW,
        endpoint=state,
    )
    return Emission(event=event, at=NOW, customer_id="default", endpoint_ids=endpoint_ids)


async def test_an_event_of_the_gateways_own_is_listed_and_due_at_once(store: Store) -> None:
    await store.emit(emission("ep_1"))
    (listed,) = (await store.events("default", EventFilter(event="endpoint.disabled"), FIRST)).data
    (job,), _ = await store.claim("ep_1", NOW, LEASE, 5, 5)
    assert (job.event_id, job.body) == (ID, listed.body)
    assert body_of(job)["endpoint"]["state"] == "disabled"


async def test_it_has_no_platform_no_page_and_no_conversation(store: Store) -> None:
    await store.emit(emission())
    stored = await store.event("default", ID)
    assert stored is not None
    assert set(body_of(stored)) == {
        "id", "version", "event", "timestamp", "timestamp_ms", "received_at_ms", "endpoint"
    }  # fmt: skip


async def test_it_goes_to_the_named_endpoints_only(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_2"))
    await store.emit(emission("ep_2", "ep_deleted_meanwhile"))
    found = (await store.deliveries(None, DeliveryFilter(), FIRST)).data
    assert [one.endpoint_id for one in found] == ["ep_2"]


async def test_a_sample_keeps_its_name_and_is_listed_as_a_test(store: Store) -> None:
    news = emission("ep_1").event
    sample = replace(news, event="message.received", platform="facebook", page_id="1001", test=True)
    place = Placement(conversation_id="conv_fb_sample")
    await store.emit(
        Emission(event=sample, at=NOW, customer_id="default", endpoint_ids=("ep_1",), placement=place)
    )
    (listed,) = (await store.events("default", EventFilter(event="test"), FIRST)).data
    assert (body_of(listed)["event"], body_of(listed)["conversation_id"]) == (
        "message.received",
        "conv_fb_sample",
    )
    assert (await store.events("default", EventFilter(platform="facebook"), FIRST)).data == ()


async def test_a_sample_is_in_no_log_and_in_no_replay(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_pull", type="pull"))
    sample = replace(emission().event, event="message.received", platform="facebook", test=True)
    await store.emit(Emission(event=sample, at=NOW, customer_id="default", endpoint_ids=("ep_1",)))
    start = await store.acknowledge("ep_pull", None)
    pulling = endpoint("ep_pull", type="pull")
    assert (await store.log(pulling, start, 10)).entries == ()
    plan = ReplayPlan(endpoint_id="ep_1", since=NOW - 1, until=NOW + 1, wanted="all")
    assert await store.count_replay(plan) == 0


async def test_the_same_news_is_stored_once(store: Store) -> None:
    await store.emit(emission("ep_1"))
    await store.emit(emission("ep_1"))
    assert len((await store.deliveries(None, DeliveryFilter(), FIRST)).data) == 1


async def test_another_customer_does_not_see_it(store: Store) -> None:
    await store.emit(emission())
    assert await store.event("cus_other", ID) is None


async def test_stats_count_attempts_and_what_is_open(store: Store) -> None:
    routes = queued("ep_1", ordered=False)
    await store.accept([message(f"m_{number}", routes=routes) for number in range(5)])
    jobs, _ = await store.claim("ep_1", NOW, LEASE, 9, 9)
    messages = [job for job in jobs if job.event_id]
    await store.finish(
        [
            succeeded(messages[0]),
            succeeded(messages[1]),
            dead(messages[2]),
            failed(messages[3], due_at=NOW + 7),
        ]
    )
    found = await store.endpoint_stats("ep_1", NOW)
    assert (found.durations_ms, found.errors) == ((5, 5, 5, 5), {"status": 2})
    assert (found.dead, found.failed, found.pending) == (1, 1, len(messages) - 4)
    assert found.oldest_due_at == NOW + 7


async def test_stats_leave_out_what_is_older_than_asked_for(store: Store) -> None:
    await store.accept([message(routes=queued("ep_1"))])
    (job,), _ = await store.claim("ep_1", NOW, LEASE, 1, 0)
    await store.finish([dead(job, at=NOW)])
    found = await store.endpoint_stats("ep_1", NOW + 60_000)
    assert (found.durations_ms, found.dead) == ((), 0)


async def test_stats_of_an_endpoint_that_nobody_knows_are_empty(store: Store) -> None:
    found = await store.endpoint_stats("ep_none", 0)
    assert (found.durations_ms, found.pending, found.oldest_due_at) == ((), 0, None)
