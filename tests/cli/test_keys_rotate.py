"""`gateway keys rotate`: from the old encryption key to a new one, and no key is ever shown."""

import base64
import json
from pathlib import Path

import pytest

from tests.cli.test_commands import gateway
from tests.gateways import ENCRYPTION_KEY, environment, running
from tests.servers import free_port, ready, serving

NEW_KEY = base64.b64encode(b"n" * 32).decode()
BOTH = f"{NEW_KEY},{ENCRYPTION_KEY}"
URL = "https://receiver.example.com"


@pytest.mark.anyio
async def test_servers_go_over_to_a_new_key_without_losing_a_secret(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        first = (await http.post("/v1/endpoints", json={"url": URL})).json()
    async with running(tmp_path, encryption_key=BOTH) as (_, http):
        second = (await http.post("/v1/endpoints", json={"url": URL})).json()
    run = gateway("keys", "rotate", **environment(tmp_path, encryption_key=BOTH))
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["resealed"] == 3 and "Leave only the first key" in told["next"]
    async with running(tmp_path, encryption_key=NEW_KEY) as (served, _):
        secrets = {one.id: one.secrets[0].value for one in served.directory.endpoints.values()}
    assert secrets == {one["id"]: one["secret"] for one in (first, second)}
    shown = run.stdout + run.stderr
    assert not [one for one in (*secrets.values(), NEW_KEY, ENCRYPTION_KEY) if one in shown]


def test_without_an_old_key_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    run = gateway("keys", "rotate", **environment(tmp_path))
    assert run.returncode == 2
    assert "put it first: `new,old`" in run.stderr
    assert ENCRYPTION_KEY not in run.stderr


def test_a_store_under_a_third_key_is_refused_without_showing_any(tmp_path: Path) -> None:
    gateway("keys", "list", **environment(tmp_path, encryption_key=ENCRYPTION_KEY, port=str(free_port())))
    others = [base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)]
    run = gateway("keys", "rotate", **environment(tmp_path, encryption_key=",".join(others)))
    assert run.returncode == 1
    assert "another GATEWAY_ENCRYPTION_KEY" in run.stderr
    assert not [key for key in (*others, ENCRYPTION_KEY) if key in run.stderr]


@pytest.mark.anyio
async def test_while_a_server_runs_it_says_to_stop_it(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port):
        await (await ready(port)).aclose()
        run = gateway("keys", "rotate", **environment(tmp_path, encryption_key=BOTH))
    assert run.returncode == 1
    assert "belongs to another running gateway. Stop that one" in run.stderr
    assert "Traceback" not in run.stderr
