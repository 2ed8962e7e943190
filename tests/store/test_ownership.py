"""Accounts that change hands."""

import pytest
from msgspec.structs import replace

from gateway.store.base import Store
from gateway.store.records import Account, Customer
from tests.store.samples import NOW, PAGE

pytestmark = pytest.mark.anyio


async def test_an_account_changes_hands_with_its_token(store: Store) -> None:
    account = Account(
        id="acc_1",
        customer_id="default",
        platform="facebook",
        page_id=PAGE,
        created_at=NOW,
        access_token="EAAB",
        name="Shop",
    )
    await store.put_account(account)
    await store.put_customer(Customer(id="cus_other", name="Other", created_at=NOW))
    assert await store.ownership.move("acc_1", "cus_other")
    assert not await store.ownership.move("acc_2", "cus_other")
    assert (await store.configuration()).accounts == (replace(account, customer_id="cus_other"),)
