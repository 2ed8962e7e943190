import hashlib
import hmac
import json
import zlib

import pytest

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound, Secrets
from bench.traffic import PLATFORMS, Traffic, Varied, number

NOW = 1_790_000_000_000


def test_no_message_is_given_out_twice() -> None:
    traffic = Traffic("secret", NOW)
    requests = traffic.requests(500) + traffic.requests(500)
    assert [request.number for request in requests] == list(range(1000))
    assert len({request.wire for request in requests}) == 1000


def test_the_messages_come_from_five_thousand_people_on_twenty_pages() -> None:
    traffic = Traffic("secret", NOW, ("facebook",))
    items = [json.loads(traffic.envelope(n)[1])["entry"][0] for n in range(5000)]
    assert len({item["messaging"][0]["sender"]["id"] for item in items}) == 5000
    assert len({item["id"] for item in items}) == 20


def test_every_request_is_signed_over_its_body() -> None:
    (request,) = Traffic("secret", NOW).requests(1)
    head, _, body = request.wire.partition(b"\r\n\r\n")
    digest = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert f"X-Hub-Signature-256: sha256={digest}".encode() in head
    assert f"Content-Length: {len(body)}".encode() in head


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_envelope_is_one_message_that_keeps_its_number(platform: str) -> None:
    traffic = Traffic("secret", NOW, (platform,))
    name, body = traffic.envelope(42)
    adapter = ADAPTERS[name]
    inbound = Inbound(body, ((b"x-hub-signature-256", traffic.signature(body)),))
    adapter.verify(inbound, Secrets(app_secrets=("secret",), verify_token=""))
    (decoded,) = adapter.decode(inbound)
    assert isinstance(decoded, Decoded)
    assert (decoded.event.platform, decoded.event.event) == (platform, "message.received")
    assert decoded.event.message is not None
    assert number((decoded.event.message.body or "").encode()) == 42


def test_varied_messages_differ_and_are_the_same_in_every_run() -> None:
    envelopes = [Varied("secret", NOW).envelope(n)[1] for n in range(50)]
    assert envelopes == [Varied("secret", NOW).envelope(n)[1] for n in range(50)]
    assert len({zlib.crc32(one[-300:]) for one in envelopes}) == 50
    assert [number(one) for one in envelopes] == list(range(50))


def test_a_body_without_the_mark_has_no_number() -> None:
    assert number(b'{"event":"conversation.started"}') is None
