"""A private reply tells who a commenter is: then their comments are exported and erased with them."""

from pathlib import Path

import pytest

from tests.send.stage import stage, text

pytestmark = pytest.mark.anyio


async def test_comments_of_somebody_who_was_answered_in_private_are_theirs(
    tmp_path: Path, store_url: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        page = on.assets["facebook"].id
        for commenter, said in (("901", "first"), ("902", "somebody else"), ("901", "second")):
            await on.acts.does("anna", page, "comment", text=said, commenter=commenter)
            heard = len(on.receiver.deliveries)
        first = await on.event("comment.received")
        await on.receiver.until(lambda _: len(on.events("comment.received")) == 3)
        to = {"kind": "comment", "value": first["comment"]["id"]}
        wish = {"platform": "facebook", "page_id": page, "to": to, "message": text("in private")}
        assert (await on.http.post("/v1/messages", json=wish)).status_code == 202
        await on.event("message.sent", after=heard)
        (anna,) = (await on.http.get("/v1/contacts")).json()["data"]
        exported = (await on.http.get(f"/v1/contacts/{anna['id']}/export")).json()["events"]
        assert [one["comment"]["text"] for one in exported if "comment" in one] == ["first", "second"]
        await on.http.delete(f"/v1/contacts/{anna['id']}")
        await on.event("contact.erased")
        left = (await on.http.get("/v1/events?event=comment.received")).json()["data"]
        assert [one["comment"]["text"] for one in left] == ["somebody else"]
