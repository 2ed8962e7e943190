"""Signatures, against the published vectors and another library's verifier."""

import hashlib
import hmac
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from gateway.deliver.signing import (
    hub_signature,
    new_secret,
    new_signing_key,
    public_key,
    sign_headers,
    socialhook_signature,
)

SIGNING_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="


@pytest.mark.parametrize(
    ("secret", "webhook_id", "timestamp", "body", "signature"),
    [
        # Standard Webhooks, the tests of its reference libraries
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b"",
            "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A=",
        ),
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1,LVOXivKoo4FWasi/IaHvzhE/u+7/cu2AME+zS/nXqzk=",
        ),
        # Standard Webhooks, the Go library's tests: a private key without its public half
        (
            "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==",
        ),
        # Svix, rust/src/webhooks.rs
        (
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1649367553,
            b'{"email":"test@example.com","username":"test_user"}',
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        ),
        # Svix, the documentation's example
        (
            "whsec_plJ3nmyCDGBKInavdOK15jsl",
            "msg_loFOjxBNrRLzqYUf",
            1731705121,
            b'{"event_type":"ping","data":{"success":true}}',
            "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
        ),
        # Svix's server, the vector for asymmetric keys; the header is the one in the specification
        (
            SIGNING_KEY,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
        ),
    ],
)
def test_published_vectors(secret: str, webhook_id: str, timestamp: int, body: bytes, signature: str) -> None:
    assert sign_headers(webhook_id, timestamp, body, [secret]) == (
        ("webhook-id", webhook_id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signature),
    )


@given(st.text(min_size=1))
def test_the_reference_library_accepts_every_live_secret(text: str) -> None:
    body = text.encode()
    secrets = [new_secret(), new_signing_key(), new_secret()]
    now = int(datetime.now(UTC).timestamp())
    headers = dict(sign_headers("evt_1", now, body, secrets))
    for secret in (secrets[0], secrets[2]):
        Webhook(secret).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers, json_parse=False)


def test_signatures_stand_in_the_order_of_the_secrets() -> None:
    secrets = [new_secret(), new_signing_key(), new_secret()]
    header = sign_headers("evt_1", 1, b"{}", secrets)[2][1]
    assert [entry.partition(",")[0] for entry in header.split(" ")] == ["v1", "v1a", "v1"]


def test_a_public_key_verifies_what_its_signing_key_signs() -> None:
    key = new_signing_key()
    signature = b64decode(sign_headers("evt_1", 7, b"body", [key])[2][1].removeprefix("v1a,"))
    verifier = Ed25519PublicKey.from_public_bytes(b64decode(public_key(key).removeprefix("whpk_")))
    verifier.verify(signature, b"evt_1.7.body")
    with pytest.raises(InvalidSignature):
        verifier.verify(signature, b"evt_1.8.body")


def test_the_published_key_pair_belongs_together() -> None:
    assert public_key(SIGNING_KEY) == PUBLIC_KEY


def test_fresh_secrets_are_long_and_differ() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}
    assert len(b64decode(new_signing_key().removeprefix("whsk_"))) == 64


@given(st.binary(max_size=200), st.text(min_size=1, max_size=200))
def test_body_signatures_are_plain_hmac_under_the_secret_as_written(body: bytes, secret: str) -> None:
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert socialhook_signature(secret, body) == expected
    assert hub_signature(secret, body) == expected


@pytest.mark.parametrize("secret", ["", "whsec_", "secret", "whsec_not base64", "whpk_AAAA", "whsk_AAAA"])
def test_what_is_no_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        sign_headers("evt_1", 1, b"{}", [secret])
