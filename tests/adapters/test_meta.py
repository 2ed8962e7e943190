"""The signature and the handshake of the Meta platforms."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters._meta import challenge, signature, verify
from adapters.base import Inbound, Refused, Secrets

SECRETS = Secrets(app_secrets=("new-secret", "old-secret"), verify_token="tök en")
BODY = b'{"object":"page","entry":[]}'

# Published vectors: secret, body, X-Hub-Signature-256.
PUBLISHED = [
    (
        "It's a Secret to Everybody",
        b"Hello, World!",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    ),
    (
        "my-app-secret",
        b'{"object":"whatsapp_business_account"}',
        "11064f9b0a36883061d91d867f0438fa2d12dbb4e1f94c3a4afacd039c23494f",
    ),
    (
        "YOUR_APP_SECRET",
        b"Let's pretend this body is equal to the message object and can handle unicode characters like "
        b"\\u307f\\u3069\\u308a\\u3044\\u308d and J'ai mang\\u00e9 des p\\u00e2tes",
        "0363007aabdf1ab579f35936651a460fb5fa1aaf40df98b1264446b72cc96688",
    ),
    (
        "Convoy",
        b"Test Payload Body",
        "d7a154547e7c35e31c4c820e20237650939c3d34dae136e30a7757ca61abb4cf",
    ),
    (
        "app-secret",
        b'{"object":"page","entry":[{"messaging":[]}]}',
        "ee184aea1220809b78ccd962c9e8b1a42df753f3af51d95d7ac492504cd8b64f",
    ),
    (
        "secret",
        b'{"entry":[]}',
        "97f0eaf4fb539301c758929abea22432a8fed44f5ce20d65c6af41ff15dfb115",
    ),
]


def _signed(value: str, body: bytes = BODY, name: bytes = b"x-hub-signature-256") -> Inbound:
    return Inbound(body, ((b"host", b"localhost"), (name, value.encode())))


def _reason(inbound: Inbound, secrets: Secrets = SECRETS) -> str:
    with pytest.raises(Refused) as refused:
        verify(inbound, secrets)
    return refused.value.reason


@pytest.mark.parametrize(("secret", "body", "digest"), PUBLISHED)
def test_published_vectors_hold(secret: str, body: bytes, digest: str) -> None:
    assert signature(body, secret) == digest
    verify(_signed(f"sha256={digest}", body), Secrets(app_secrets=(secret,), verify_token=""))


@given(st.binary(max_size=300), st.text(min_size=1, max_size=200).filter(lambda s: s.isprintable()))
def test_the_signature_is_hmac_sha256(body: bytes, secret: str) -> None:
    assert signature(body, secret) == hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("secret", SECRETS.app_secrets)
def test_each_of_several_secrets_is_good(secret: str) -> None:
    verify(_signed(f"sha256={signature(BODY, secret)}"), SECRETS)


def test_a_secret_longer_than_a_block_is_hashed_first() -> None:
    secret = "s" * 65
    assert signature(BODY, secret) == hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()


def test_the_bytes_on_the_wire_are_signed_not_the_text_they_stand_for() -> None:
    escaped = rb'{"text":"Gr\u00fc\u00dfe","url":"https:\/\/example.org"}'
    decoded = '{"text":"Grüße","url":"https://example.org"}'.encode()
    header = f"sha256={signature(escaped, 'new-secret')}"
    verify(_signed(header, escaped), SECRETS)
    assert _reason(_signed(header, decoded)) == "wrong_signature"


def test_another_body_or_secret_is_refused() -> None:
    good = signature(BODY, "new-secret")
    assert _reason(_signed(f"sha256={good}", BODY + b" ")) == "wrong_signature"
    assert _reason(_signed(f"sha256={signature(BODY, 'another')}")) == "wrong_signature"


@pytest.mark.parametrize(
    "value",
    [
        "sha256=",
        "sha256=deadbeef",
        "sha256=" + "é" * 64,
        "sha256=not-valid-hex",
        "sha1=abc123",
        "Foo",
        "0" * 64,
        "sha256!!!",
        "sha256=" + "0" * 63,
        "sha256=" + "0" * 65,
        "SHA256=" + "0" * 64,
    ],
)
def test_malformed_headers_are_refused(value: str) -> None:
    assert _reason(_signed(value)) == "malformed_signature"


def test_a_sha1_signature_alone_does_not_count() -> None:
    sha1 = hmac.new(b"new-secret", BODY, hashlib.sha1).hexdigest()
    assert _reason(_signed(f"sha1={sha1}", name=b"x-hub-signature")) == "legacy_signature"


def test_what_is_missing_is_named() -> None:
    assert _reason(Inbound(BODY)) == "no_signature"
    assert _reason(_signed("")) == "no_signature"
    assert _reason(_signed("sha256=" + "0" * 64, body=b"")) == "no_body"
    assert _reason(_signed("sha256=" + "0" * 64), Secrets(app_secrets=(), verify_token="x")) == "no_secret"


def _query(token: bytes = b"t%C3%B6k+en", challenge: str = "1158201444") -> bytes:
    return f"hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token=".encode() + token


def test_the_challenge_comes_back_as_it_was_sent() -> None:
    assert challenge(_query(), SECRETS) == b"1158201444"
    assert challenge(_query(challenge="007%20%E2%82%AC"), SECRETS) == "007 €".encode()


@pytest.mark.parametrize("token", [b"", b"wrong", b"t%C3%B6k+en+"])
def test_a_wrong_verify_token_is_refused(token: bytes) -> None:
    with pytest.raises(Refused, match="wrong_verify_token"):
        challenge(_query(token), SECRETS)


@pytest.mark.parametrize("query", [b"", b"hub.mode=subscribe", b"hub.challenge=1&hub.verify_token=x", b"%%%"])
def test_another_query_is_no_handshake(query: bytes) -> None:
    with pytest.raises(Refused, match="not_a_handshake"):
        challenge(query, SECRETS)


def test_an_unset_verify_token_matches_nothing() -> None:
    with pytest.raises(Refused, match="wrong_verify_token"):
        challenge(_query(b""), Secrets(app_secrets=("x",), verify_token=""))


def test_secrets_do_not_show() -> None:
    assert "secret" not in repr(SECRETS).replace("app_secrets", "").replace("Secrets", "")
