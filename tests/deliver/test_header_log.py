"""What the log of attempts keeps of headers."""

from gateway.deliver.header_log import HIDDEN, kept, shown
from gateway.deliver.preparation import Headers, Preparation
from tests.deliver.stage import SECRET, endpoint
from tests.deliver.test_lane import job

OWN = {"X-Team": "orders", "Authorization": "Basic abc"}


def sent(**changes: object) -> Headers:
    """The headers of a request at second 5."""
    request = Preparation(endpoint(headers=OWN, **changes)).request(job(), 5, None)
    assert request is not None
    return request.headers


def test_only_the_signature_and_the_names_of_ones_own_headers_are_stored() -> None:
    stored = kept(sent(authorization="Bearer open-sesame"), job().event_id)
    assert stored == {
        "X-Team": HIDDEN,
        "authorization": HIDDEN,
        "webhook-signature": dict(sent())["webhook-signature"],
    }


def test_what_was_left_out_is_shown_again() -> None:
    headers = sent()
    stored = kept(headers, job().event_id)
    expected = {name: HIDDEN if name in OWN else value for name, value in headers}
    assert shown(stored, job().event_id, 5_999) == expected


def test_the_id_of_a_revision_is_stored() -> None:
    revised = (("webhook-id", "evt_1_r2"), ("content-type", "application/cloudevents+json"))
    assert kept(revised, "evt_1") == dict(revised)


def test_nothing_sent_is_nothing_shown() -> None:
    assert kept((), "evt_1") == {} == shown({}, "evt_1", 5_000)


def test_no_secret_is_in_what_is_stored() -> None:
    assert SECRET not in str(kept(sent(), job().event_id))
