"""What goes over the wire: which secrets sign, and how the receiver knows the gateway."""

import base64
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec.structs import replace
from standardwebhooks import Webhook, WebhookVerificationError

from gateway.deliver.exchange import Request
from gateway.deliver.preparation import Preparation
from gateway.deliver.signing import PUBLIC, new_secret, new_signing_key, public_key
from gateway.store.records import Secret
from tests.deliver.stage import endpoint
from tests.deliver.test_lane import job

NEW, OLD = new_secret(), new_secret()


def request(timestamp: int = 1_000, **changes: Any) -> Request:
    made = Preparation(endpoint(**changes)).request(job(), timestamp, None)
    assert made is not None
    return made


def signatures(made: Request) -> list[str]:
    return dict(made.headers)["webhook-signature"].split()


def test_an_old_secret_signs_until_its_moment_and_not_after() -> None:
    preparation = Preparation(endpoint(secrets=(Secret(value=NEW), Secret(value=OLD, expires_at=2_000_000))))
    during, after = (preparation.request(job(), timestamp, None) for timestamp in (1_999, 2_000))
    assert during is not None and after is not None
    assert (len(signatures(during)), len(signatures(after))) == (2, 1)


def test_a_receiver_with_either_secret_verifies_during_the_overlap() -> None:
    now = int(time.time())
    made = request(now, secrets=(Secret(value=NEW), Secret(value=OLD, expires_at=(now + 60) * 1_000)))
    for secret in (NEW, OLD):
        Webhook(secret).verify(made.body, dict(made.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(made.body, dict(made.headers))


def test_a_replay_says_that_it_is_one() -> None:
    made = Preparation(endpoint()).request(replace(job(), replay=True), 1_000, None)
    assert made is not None and dict(made.headers)["webhook-replay"] == "true"
    assert "webhook-replay" not in dict(request().headers)


def test_an_ed25519_signature_verifies_under_the_public_key() -> None:
    key = new_signing_key()
    made = request(1_000, signing_key=key)
    kind, _, signature = signatures(made)[-1].partition(",")
    raw = base64.b64decode(public_key(key).removeprefix(PUBLIC))
    content = f"{job().webhook_id}.1000.".encode() + made.body
    Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature), content)
    assert (kind, len(signatures(made))) == ("v1a", 2)


def test_credentials_for_the_receiver_take_the_place_of_an_own_header() -> None:
    headers = {"AUTHORIZATION": "Basic b2xk", "X-Team": "orders"}
    sent = [
        (name.lower(), value)
        for name, value in request(headers=headers, authorization="Bearer new").headers
        if name.lower() in ("authorization", "x-team")
    ]
    assert sent == [("x-team", "orders"), ("authorization", "Bearer new")]


def test_without_credentials_an_own_header_stays() -> None:
    assert ("Authorization", "Basic b3du") in request(headers={"Authorization": "Basic b3du"}).headers
