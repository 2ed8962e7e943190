"""Configuration: kept whole, secrets too, and no customer takes what is another's."""

import pytest
from msgspec.structs import replace

from gateway.store.base import Conflict, Store
from gateway.store.records import Account, ApiKey, App, Customer, DeliveryFilter, PageRequest
from tests.store.conftest import OpenStore
from tests.store.samples import LEASE, NOW, claimed, endpoint, message, psid, queued, succeeded

pytestmark = pytest.mark.anyio

CUSTOMER = Customer(id="cus_2", name="Two", created_at=NOW, metadata={"plan": "small"})
KEY = ApiKey(
    id="key_1",
    customer_id="cus_2",
    name="ci",
    prefix="sgk_ab",
    digest=bytes(range(32)),
    scopes=("events:read",),
    created_at=NOW,
)
APP = App(id="app_1", name="Main", app_secrets=("s1", "s2"), verify_token="v", created_at=NOW)
ACCOUNT = Account(
    id="acc_1",
    customer_id="default",
    platform="facebook",
    page_id="1001",
    created_at=NOW,
    access_token="EAAtoken",
    name="Shop",
)
ENDPOINT = endpoint(
    "ep_2",
    events=("message.*",),
    headers={"x-key": "hidden"},
    retry_schedule=(1, 2),
    rate_limit=7,
    signing_key="whsk_c2lnbnM=",
    authorization="Bearer open-sesame",
)


async def test_the_first_start_makes_the_default_customer(open_store: OpenStore) -> None:
    (customer,) = (await (await open_store()).configuration()).customers
    assert customer == Customer(id="default", name="default", created_at=NOW)


async def test_everything_is_there_after_a_restart(open_store: OpenStore) -> None:
    store = await open_store()
    await store.put_customer(CUSTOMER)
    await store.put_key(KEY)
    await store.put_app(APP)
    await store.put_account(ACCOUNT)
    await store.put_endpoint(ENDPOINT)
    await store.close()
    found = await (await open_store()).configuration()
    assert found.customers[0] == CUSTOMER and len(found.customers) == 2
    assert (found.keys, found.apps) == ((KEY,), (APP,))
    assert (found.accounts, found.endpoints) == ((ACCOUNT,), (ENDPOINT,))


async def test_a_second_put_replaces_the_first(store: Store) -> None:
    changed = replace(ENDPOINT, url="https://other.example/", status="paused")
    for one in (ENDPOINT, changed):
        await store.put_endpoint(one)
    await store.put_key(KEY)
    await store.put_key(replace(KEY, revoked_at=NOW))
    found = await store.configuration()
    assert changed in found.endpoints and ENDPOINT not in found.endpoints
    assert found.keys == (replace(KEY, revoked_at=NOW),)


async def test_an_account_is_its_pages_and_keeps_its_id(store: Store) -> None:
    await store.put_account(ACCOUNT)
    await store.put_account(
        replace(ACCOUNT, id="acc_2", created_at=NOW + 1, waba_id="900", access_token=None)
    )
    (account,) = (await store.configuration()).accounts
    assert account == replace(ACCOUNT, waba_id="900", access_token=None)


async def test_a_page_has_one_owner(store: Store) -> None:
    await store.put_customer(CUSTOMER)
    await store.put_account(ACCOUNT)
    with pytest.raises(Conflict):
        await store.put_account(replace(ACCOUNT, id="acc_2", customer_id="cus_2"))
    with pytest.raises(Conflict):
        await store.put_account(replace(ACCOUNT, page_id="1002"))
    await store.delete_account("acc_1")
    await store.put_account(replace(ACCOUNT, id="acc_2", customer_id="cus_2"))


async def test_an_endpoints_id_cannot_be_taken_over(store: Store) -> None:
    await store.put_customer(CUSTOMER)
    with pytest.raises(Conflict):
        await store.put_endpoint(endpoint("ep_1", "cus_2"))
    with pytest.raises(Conflict):
        await store.put_endpoint(endpoint("ep_2", "cus_unknown"))
    await store.delete_endpoint("ep_1")
    with pytest.raises(Conflict):
        await store.put_endpoint(endpoint("ep_1"))


async def test_an_app_can_be_deleted(store: Store) -> None:
    await store.put_app(APP)
    for _ in range(2):
        await store.delete_app("app_1")
    assert (await store.configuration()).apps == ()


async def test_a_deleted_endpoint_loses_open_deliveries_and_keeps_finished_ones(store: Store) -> None:
    (done,) = await store.accept([message("m_1", routes=claimed("ep_1"))])
    await store.finish([succeeded(done.jobs[0])])
    people = [psid(str(3000 + n)) for n in range(3)]
    await store.accept([message(f"n_{n}", one, routes=queued("ep_1")) for n, one in enumerate(people)])
    (leased, *_), _ = await store.claim("ep_1", NOW, LEASE, 1, 0)
    await store.delete_endpoint("ep_1")
    assert await store.backlog() == [] and await store.claim("ep_1", NOW, LEASE, 9, 9) == ([], None)
    assert not (await store.finish([succeeded(leased)]))[0].moved
    (kept,) = (await store.deliveries("default", DeliveryFilter(), PageRequest())).data
    assert (kept.id, kept.endpoint_id) == (done.jobs[0].delivery_id, "ep_1")


async def test_records_with_secrets_do_not_show_them(store: Store) -> None:
    await store.put_app(APP)
    await store.put_account(ACCOUNT)
    await store.put_endpoint(ENDPOINT)
    found = await store.configuration()
    shown = repr((found.apps, found.accounts, found.endpoints))
    assert not any(secret in shown for secret in ("s1", "EAAtoken", "whsec_", "hidden"))


async def test_sealing_anew_changes_nothing_that_can_be_read(store: Store) -> None:
    await store.put_app(APP)
    await store.put_account(ACCOUNT)
    before = await store.configuration()
    assert await store.reseal() >= 3
    assert await store.configuration() == before


async def test_what_did_not_change_is_the_same_object_at_the_next_reading(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_2"))
    before = {one.id: one for one in (await store.configuration()).endpoints}
    await store.put_endpoint(replace(endpoint("ep_2"), url="https://new.example/"))
    after = {one.id: one for one in (await store.configuration()).endpoints}
    assert after["ep_1"] is before["ep_1"]
    assert after["ep_2"].url == "https://new.example/" and before["ep_2"].url != after["ep_2"].url
