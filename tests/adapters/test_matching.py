"""A person's ids with apps and Pages, one from the other."""

import json

from adapters._graph.proof import appsecret_proof
from adapters.base import Identity
from adapters.facebook.matching import Matches, ids_for_apps, ids_for_pages, matches
from adapters.sending import SendError


def test_the_ids_are_asked_for_with_the_app_the_page_and_the_cursor() -> None:
    apps, pages = ids_for_apps("6001", app_id="55", after="C"), ids_for_pages("9001", page_id="1001")
    assert (apps.path, apps.query) == ("/6001/ids_for_apps", {"app": "55", "after": "C"})
    assert (pages.path, pages.query) == ("/9001/ids_for_pages", {"page": "1001"})


def test_every_id_comes_with_whom_it_belongs_to() -> None:
    body = {"data": [{"id": "9001", "app": {"id": "55", "name": "Shop"}}, {"id": "9002"}]}
    found = matches(200, {}, json.dumps(body).encode(), "asid")
    assert found == Matches(identities=(Identity("asid", "9001", "55"),), after=None)


def test_an_empty_page_with_a_cursor_is_not_the_last() -> None:
    body = {"data": [], "paging": {"cursors": {"after": "NEXT"}}}
    assert matches(200, {}, json.dumps(body).encode(), "psid") == Matches(identities=(), after="NEXT")


def test_a_page_whose_cursor_leads_nowhere_is_the_last() -> None:
    row = {"id": "6001", "page": {"id": "1001"}}
    last = {"data": [row], "paging": {"cursors": {"after": "SAME"}}}
    more = {"data": [row], "paging": {"cursors": {"after": "NEXT"}, "next": "https://graph.facebook.com/…"}}
    found = [matches(200, {}, json.dumps(body).encode(), "psid") for body in (last, more)]
    assert [each.after for each in found if isinstance(each, Matches)] == [None, "NEXT"]


def test_a_refusal_is_told() -> None:
    refused = matches(400, {}, b'{"error":{"code":190}}', "asid")
    assert isinstance(refused, SendError)
    assert refused.code == "token_expired"


def test_the_proof_is_keyed_with_the_secret_over_the_token() -> None:
    # RFC 4231, test case 2.
    assert appsecret_proof("what do ya want for nothing?", "Jefe") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
