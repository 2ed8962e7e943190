"""Somebody blocks the Page, unblocks it and comes back under another PSID: suspected, confirmed, one."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.patience import SOON
from tests.send.stage import Stage, stage

pytestmark = pytest.mark.anyio


async def named(on: Stage, psid: str) -> dict[str, Any]:
    """The contact with this PSID, as soon as its profile is there."""
    async with asyncio.timeout(SOON):
        while True:
            (found,) = (await on.http.get(f"/v1/contacts?identity={psid}")).json()["data"]
            if found["profile"] is not None:
                return dict(found)


async def lost(on: Stage, was: dict[str, Any]) -> None:
    """Anna has blocked the Page: what is sent to her fails, and says so of her."""
    on.acts.blocks("anna", on.assets["facebook"].id)
    sent = await on.send(was)
    failed = await on.until(sent.json()["id"], "failed")
    assert failed["error"]["code"] == "psid_invalid"


async def test_who_comes_back_under_another_psid_is_suspected_and_confirmed(
    tmp_path: Path, store_url: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        was = await on.hears("facebook", "first")
        old = await named(on, was["from"])
        await lost(on, was)
        assert (await named(on, was["from"]))["identities"][0]["stale_reason"] == "unreachable"
        on.acts.unblocks("anna", on.assets["facebook"].id)
        now = await on.hears("facebook", "back again")
        assert now["from"] != was["from"] and now["conversation_id"] != was["conversation_id"]
        hint = await on.event("contact.identity_suspected")
        details = hint["identity"]["details"]
        assert (details["contact_id"], details["previous_contact_id"]) == (now["contact"]["id"], old["id"])
        path = f"/v1/contacts/{details['contact_id']}/confirm-identity"
        confirmed = await on.http.post(path, json={"suspect": details["previous_contact_id"]})
        assert confirmed.json()["id"] == old["id"]
        after = await on.hears("facebook", "as before")
        assert after["conversation_id"] == was["conversation_id"] and after["contact"]["id"] == old["id"]


async def test_who_only_fails_to_be_reached_again_stays_lost(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        was = await on.hears("facebook")
        await named(on, was["from"])
        for _ in range(3):
            await lost(on, was)
            assert (await named(on, was["from"]))["identities"][0]["stale_reason"] == "unreachable"
