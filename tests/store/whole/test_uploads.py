"""Whose upload a file is, as far as a store remembers it."""

import pytest

from gateway.store.base import Store
from gateway.store.outbox import UPLOADED_MS
from tests.store.samples import NOW, PAGE

pytestmark = pytest.mark.anyio


async def test_a_file_is_known_to_be_of_the_page_that_has_uploaded_it(store: Store) -> None:
    await store.outbox.keep_upload("facebook", PAGE, "77", NOW)
    assert await store.outbox.uploader("facebook", "77", NOW) == PAGE
    assert await store.outbox.uploader("facebook", "78", NOW) is None


async def test_the_same_id_on_another_platform_is_another_file(store: Store) -> None:
    await store.outbox.keep_upload("facebook", PAGE, "77", NOW)
    assert await store.outbox.uploader("whatsapp", "77", NOW) is None


async def test_whose_upload_it_was_is_forgotten_after_thirty_days(store: Store) -> None:
    await store.outbox.keep_upload("facebook", PAGE, "77", NOW)
    assert await store.outbox.uploader("facebook", "77", NOW + UPLOADED_MS - 1) == PAGE
    assert await store.outbox.uploader("facebook", "77", NOW + UPLOADED_MS) is None


async def test_a_file_that_is_uploaded_again_is_of_the_last_page_for_thirty_more_days(store: Store) -> None:
    await store.outbox.keep_upload("facebook", PAGE, "77", NOW)
    await store.outbox.keep_upload("facebook", "1002", "77", NOW + UPLOADED_MS - 1)
    assert await store.outbox.uploader("facebook", "77", NOW + UPLOADED_MS) == "1002"
