"""Asking who somebody is: a field that is not granted costs none of the others."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.base import Identity
from adapters.profile import NoProfile, Profile, ProfileFields
from gateway.contacts.introductions import Introductions
from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.store.records import Account
from tests.simulator.towns import Town, town

pytestmark = pytest.mark.anyio
ALL = ADAPTERS["facebook"].PROFILE


@asynccontextmanager
async def introduced() -> AsyncIterator[tuple[Town, Introductions]]:
    """A town where Anna has written, and who asks about her. Its clock lets every turn come at once."""
    ticks = count(0, 1_000)
    async with (
        town(subscribed=False) as made,
        Graph(made.url, "v25.0") as graph,
        Downloads(made.url, []) as downloads,
    ):
        await made.acts.sends("anna", made.page.id, "hello")
        yield made, Introductions(graph, downloads, lambda: next(ticks))


async def told(
    made: Town, introductions: Introductions, fields: ProfileFields = ALL
) -> Profile | NoProfile | None:
    page, token = made.page.id, made.meta.token(made.page.id).value
    account = Account(
        id="acc_1", customer_id="default", platform="facebook", page_id=page, created_at=1, access_token=token
    )
    return await introductions.ask(account, Identity("psid", made.psid(), page), fields)


async def test_everything_that_is_granted_is_told() -> None:
    async with introduced() as (made, introductions):
        await made.acts.does("anna", made.page.id, "from_ad", ad_id="77")
        known = await told(made, introductions)
        assert isinstance(known, Profile)
        assert (known.first_name, known.locale, known.timezone) == ("Anna", "en_US", 1)
        assert known.is_payment_enabled is False
        assert known.last_ad_referral == {"source": "ADS", "type": "OPEN_THREAD", "ad_id": "77"}


async def test_a_refused_field_costs_none_of_the_others() -> None:
    async with introduced() as (made, introductions):
        made.meta.token(made.page.id).permissions -= {"pages_user_gender"}
        for _ in range(2):
            known = await told(made, introductions)
            assert isinstance(known, Profile)
            assert (known.first_name, known.locale, known.gender) == ("Anna", "en_US", None)


async def test_which_field_was_refused_is_remembered_for_a_day() -> None:
    async with introduced() as (made, introductions):
        made.meta.token(made.page.id).permissions -= {"pages_user_gender"}
        await told(made, introductions)
        made.meta.token(made.page.id).permissions |= {"pages_user_gender"}
        known = await told(made, introductions)
        assert isinstance(known, Profile) and known.gender is None


async def test_a_field_that_is_left_out_is_just_missing() -> None:
    async with introduced() as (made, introductions):
        made.meta.manner.denied_fields = "left_out"
        made.meta.token(made.page.id).permissions -= {"pages_user_locale"}
        known = await told(made, introductions)
        assert isinstance(known, Profile)
        assert (known.locale, known.gender) == (None, "female")


async def test_an_app_that_may_see_nobody_is_told_so() -> None:
    async with introduced() as (made, introductions):
        made.meta.token(made.page.id).permissions -= {"pages_messaging"}
        assert await told(made, introductions) == NoProfile(reason="not_permitted")


async def test_what_a_customer_does_not_want_is_not_asked_for() -> None:
    async with introduced() as (made, introductions):
        assert await told(made, introductions, ALL.only(["first_name"])) == Profile(first_name="Anna")
        assert await told(made, introductions, ALL.only(["gender"])) == Profile(gender="female")
        assert await told(made, introductions, ALL.only([])) is None


async def test_a_picture_is_known_by_its_bytes_where_its_address_says_nothing() -> None:
    async with introduced() as (made, introductions):
        pictures = []
        for _ in range(2):
            known = await told(made, introductions)
            assert isinstance(known, Profile)
            nameless = re.sub(r"\d+_\d+_\d+_n", "picture", known.profile_pic or "")
            pictures.append((nameless, await introductions.picture(replace(known, profile_pic=nameless))))
        (first, one), (second, other) = pictures
        assert first != second and one == other and (one or "").startswith("sha256:")


async def test_a_picture_from_anywhere_else_is_not_fetched() -> None:
    async with introduced() as (_, introductions):
        for url in ("http://127.0.0.1:9/me.png", "https://example.com/me.png", "file:///etc/passwd", "::"):
            assert await introductions.picture(Profile(profile_pic=url)) is None


async def test_a_picture_that_is_too_large_tells_nothing() -> None:
    async with introduced() as (made, introductions):
        size = 3 << 20
        medium = made.meta.shelf.keep(
            made.page.id, bytes(size), "image/png", made.meta.clock.now_ms() + 1_000
        )
        address = made.meta.shelf.public_address(medium, made.url)
        assert await introductions.picture(Profile(profile_pic=address)) is None
