"""Stores that have been in use for a while: something of everything is in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.base import Identity, Person, Quarantined
from adapters.parts import Consent
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownProfile
from gateway.store.keyed import KeyedAnswer, KeyedRequest
from gateway.store.records import ApiKey, Arrival, Customer, PageRequest
from gateway.store.replay import Replay, ReplayPlan
from tests.store import renormalisations
from tests.store.erasures import begin, by, erase
from tests.store.opening import store_at
from tests.store.samples import (
    LEASE,
    NOW,
    PAGE,
    announced,
    arrival,
    dead,
    edit,
    endpoint,
    event,
    failed,
    message,
    psid,
    queued,
    status,
    succeeded,
    wa,
)
from tests.store.whole.outgoing import LOST, ROUTES, TEMPORARY, claim, finish, outgoing

KEEPS_NOTHING = "cus_3"
KEYED = KeyedRequest(key=b"k" * 32, fingerprint=b"f" * 32)
ANSWER = KeyedAnswer(status=201, media_type="application/json", body=b"{}")
PROFILE = {"name": "Ada", "profile_pic": "https://example.org/a.jpg"}
RUNNING = renormalisations.asked("rnm_running")
OVER = renormalisations.asked("rnm_over", dry_run=True)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """The store at this URL, until the block ends."""
    store = store_at(url, lambda: NOW)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def person(number: int) -> Arrival:
    """The n-th message of several people on two channels."""
    who = number % 3
    routes: dict[str, Any] = {"routes": queued("ep_1", "ep_2"), "at": NOW + number}
    if who == 2:
        return message(f"w_{number}", wa(("wa_id", "46701")), platform="whatsapp", **routes)
    return message(f"m_{number}", psid(f"200{who}"), **routes)


async def live_in(store: Store) -> None:
    """Something of everything; then the gateway has stopped, and what it had claimed is free."""
    await configure(store)
    for number in range(12):
        await store.accept([person(number)])
    await deliver(store)
    await receive(store)
    await meet(store)
    await send(store)
    await forget(store)
    await let_go(store)
    await store.quarantine("facebook", NOW, [Quarantined(reason="no", pointer="/", body=b"x\xff")] * 2)
    await store.begin_keyed(KEYED, NOW)
    await store.end_keyed(KEYED, ANSWER)
    plan = ReplayPlan(endpoint_id="ep_1", since=NOW, until=NOW + 1_000, wanted="all")
    for name in ("rep_1", "rep_2"):
        await store.begin_replay(
            Replay(id=name, customer_id="default", plan=plan, created_at=NOW, matched=13)
        )
    await store.cancel_replay(None, "rep_2", NOW + 1)
    for run in (RUNNING, OVER):
        await store.begin_renormalisation(run)
    await store.cancel_renormalisation(None, OVER.id, NOW + 1)
    log = await store.log(endpoint("ep_pull", type="pull"), "0", 5)
    await store.acknowledge("ep_pull", log.cursor)


async def configure(store: Store) -> None:
    """Customers, a key, endpoints of all kinds."""
    await store.put_customer(Customer(id="cus_2", name="two", created_at=NOW))
    await store.put_customer(Customer(id=KEEPS_NOTHING, name="three", created_at=NOW))
    await store.put_key(
        ApiKey(
            id="key_1",
            customer_id="cus_2",
            name="k",
            prefix="gw_",
            digest=b"d" * 32,
            scopes=(),
            created_at=NOW,
        )
    )
    ways = endpoint("ep_2", format="cloudevents", include_raw=True)
    for one in (endpoint(), ways, endpoint("ep_gone"), endpoint("ep_pull", type="pull")):
        await store.put_endpoint(one)


async def deliver(store: Store) -> None:
    """Deliveries in every state, and of an endpoint that is gone."""
    await store.accept([message("m_gone", psid("2009"), routes=queued("ep_gone"))])
    (job,), _ = await store.claim("ep_gone", NOW + 50, LEASE, 1, 0)
    await store.finish([succeeded(job)])
    await store.delete_endpoint("ep_gone")
    jobs, _ = await store.claim("ep_1", NOW + 100, LEASE, 3, 0)
    await store.finish([succeeded(jobs[0]), failed(jobs[1], NOW + 500), dead(jobs[2])])
    await store.claim("ep_2", NOW + 100, LEASE, 1, 0)


async def receive(store: Store) -> None:
    """What belongs to nobody, statuses, what waits, a group, a copy of what was known."""
    await store.accept([message("m_nobody", customer_ids=())])
    await store.accept([status(3, "m_out", at=NOW + 20), status(2, "m_o", watermark_ms=NOW, at=NOW + 21)])
    await store.accept([edit("m_late", at=NOW + 30, routes=queued("ep_2")), edit("m_later", at=NOW + 31)])
    group = message("w_group", wa(("wa_id", "46702")), platform="whatsapp", at=NOW + 35, thread="g_1")
    await store.accept([group])
    copy = message("m_copy", at=NOW + 36)
    await store.accept([message("m_copy", at=NOW + 36, name="message.echo", owner_id=copy.decoded.event.id)])
    await store.accept([copy])


async def meet(store: Store) -> None:
    """People who opted out, changed their number, turned out to be one, or are not."""
    said = Consent(state="opted_out", source="optout")
    happened = event("contact.opted_out", "out", timestamp_ms=NOW, consent=said)
    await store.accept([arrival(happened, psid("2001"))])
    for mid, ids in (("w_1", (("bsuid", "DE.7"),)), ("w_2", (("wa_id", "4917"),))):
        await store.accept([message(mid, wa(*ids), platform="whatsapp", at=NOW + 40)])
    both = wa(("bsuid", "DE.7"), ("wa_id", "4917"))
    await store.accept([message("w_3", both, platform="whatsapp", at=NOW + 41)])
    number = Person(identities=wa(("wa_id", "4918")).identities, former=wa(("wa_id", "46701")).identities)
    await store.accept([announced(number, at=NOW + 42)])
    identity = Identity("psid", "2001", PAGE)
    profile = KnownProfile(identity=identity, fetched_at=NOW, fresh_until=NOW + 9, fields=PROFILE)
    await store.people.keep_profile("facebook", profile, "Ada", "123456_123456_123456")
    one, other, *_ = [
        known.id
        for known in (
            await store.people.contacts(None, ContactFilter(platform="facebook"), PageRequest())
        ).data
    ]
    await store.people.keep_apart(None, one, other)
    for known in (one, other):
        await store.people.link(None, known, "facebook", Identity("asid", "10209", "2210"))


async def send(store: Store) -> None:
    """Messages in every stage: gone, lost, under way, claimed, behind another, refused."""
    for number, to in enumerate(("2001", "2001", "2001", "2002", "2003", "2004")):
        await store.outbox.add(outgoing(f"msg_{number}", to=to, created_at=NOW + number))
    jobs = {job.message.id: job for job in await claim(store, NOW + 10)}
    assert await store.outbox.begin(jobs["msg_0"], 0, NOW + 10)
    await finish(store, jobs["msg_0"], "accepted", NOW + 11)
    for name in ("msg_3", "msg_4"):
        assert await store.outbox.begin(jobs[name], 0, NOW + 10)
    await finish(store, jobs["msg_3"], "unsettled", NOW + 11, error=LOST, due_at=NOW + 99)
    await store.outbox.refuse(outgoing("msg_no"), TEMPORARY, ROUTES)


async def forget(store: Store) -> None:
    """Somebody who is erased, and somebody who is to be, once anybody knows who that is."""
    await store.accept([message("m_forgotten", psid("2666"))])
    await erase(store, by("psid", "2666", PAGE))
    await begin(store, by("asid", "777", "app_1"), 2)


async def let_go(store: Store) -> None:
    """Events whose contents went early, that wait to go, and that nobody has looked at yet."""
    await store.put_endpoint(endpoint("ep_3", KEEPS_NOTHING))
    owned: dict[str, Any] = {"customer_ids": (KEEPS_NOTHING,), "routes": queued("ep_3")}
    pages = [event("message.received", "m_on", page_id=f"300{number}") for number in range(7)]
    await store.accept([arrival(one, **owned) for one in pages[:6]])
    jobs, _ = await store.claim("ep_3", NOW + 100, LEASE, 2, 0)
    await store.finish([succeeded(job) for job in jobs])
    while await store.contents.empty((KEEPS_NOTHING,), 10):
        pass
    await store.accept([arrival(pages[6], **owned)])
