"""examples/verify.*: each verifies real deliveries of all three channels, and nothing tampered with."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.deliver.signing import new_secret, new_signing_key, public_key, sign_headers
from tests.examples.programs import VERIFIERS, printed, process
from tests.examples.test_handlers import EXPECTED, send_samples
from tests.gateways import running
from tests.servers import free_port

BODY = '{"event":"message.received","message":{"body":"Grüße 💙"}}'.encode()
ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
Signed = dict[str, str]


@pytest.mark.anyio
@pytest.mark.parametrize("key", ["secret", "public_key"])
@pytest.mark.parametrize("name", VERIFIERS)
async def test_real_deliveries_of_all_three_channels_verify(name: str, key: str, tmp_path: Path) -> None:
    port = free_port()
    command = await asyncio.to_thread(VERIFIERS[name], tmp_path, port)
    async with running(tmp_path) as (_, http):
        wanted = {"url": f"http://127.0.0.1:{port}/", "ed25519": True, "events": ["message.received"]}
        created = (await http.post("/v1/endpoints", json=wanted)).json()
        # From now on the first secret's signature is the second of three.
        await http.post(f"/v1/endpoints/{created['id']}/rotate-secret", json={})
        with process(command, port, created[key]) as receiver:
            await send_samples(http)
            lines = await printed(receiver, "message.received", len(EXPECTED))
    events = [json.loads(line) for line in lines]
    assert sorted(f"{event['platform']} {event['from']}" for event in events) == sorted(EXPECTED)


@pytest.mark.parametrize("kind", ["v1", "v1a"])
@pytest.mark.parametrize("name", VERIFIERS)
def test_only_what_is_whole_fresh_and_signed_is_taken(name: str, kind: str, tmp_path: Path) -> None:
    make = new_secret if kind == "v1" else new_signing_key
    key, another = make(), make()
    now = int(time.time())
    good, foreign = signed(now, key), signed(now, another)
    forms = {
        "as it was sent": (204, BODY, good),
        "the second signature fits": (204, BODY, signed(now, another, key)),
        "the last one fits, after a kind from the future": (204, BODY, later(good)),
        "another body": (401, BODY + b" ", good),
        "another secret": (401, BODY, foreign),
        "another id": (401, BODY, good | {ID: "evt_2"}),
        "another time": (401, BODY, good | {TIME: str(now - 1)}),
        "six minutes old": (401, BODY, signed(now - 360, key)),
        "six minutes ahead": (401, BODY, signed(now + 360, key)),
        "no time at all": (401, BODY, good | {TIME: "yesterday"}),
        "another kind": (401, BODY, good | {SIGNATURE: good[SIGNATURE].replace(kind, "v9")}),
        "no signature": (401, BODY, good | {SIGNATURE: f"{kind} {kind}, {kind},%%% ,, x"}),
        "half a signature": (401, BODY, good | {SIGNATURE: good[SIGNATURE][:40]}),
    } | {f"without {gone}": (401, BODY, without(good, gone)) for gone in good}
    with listening(name, key if kind == "v1" else public_key(key), tmp_path) as http:
        answers = {
            what: http.post("/", content=body, headers=head) for what, (_, body, head) in forms.items()
        }
    assert {what: answer.status_code for what, answer in answers.items()} == {
        what: status for what, (status, _, _) in forms.items()
    }


def signed(timestamp: int, *keys: str) -> Signed:
    return dict(sign_headers("evt_1", timestamp, BODY, keys))


def later(headers: Signed) -> Signed:
    return headers | {SIGNATURE: f"v9,AAAA v1,AAAA v1a,AAAA {headers[SIGNATURE]}"}


def without(headers: Signed, name: str) -> Signed:
    return {other: value for other, value in headers.items() if other != name}


@contextmanager
def listening(name: str, secret: str, folder: Path) -> Iterator[httpx.Client]:
    """A verifier and a client that talks to it as the gateway would."""
    port = free_port()
    with (
        process(VERIFIERS[name](folder, port), port, secret),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as http,
    ):
        yield http
