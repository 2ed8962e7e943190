"""`gateway replay`, against a server and without one."""

import json
import time
from pathlib import Path

import httpx
import pytest

from gateway.cli.commands import main
from gateway.cli.replay import moment
from tests.cli.test_commands import gateway
from tests.gateways import environment, messenger_text, signed
from tests.servers import free_port, ready, serving


async def endpoint_that_missed(http: httpx.AsyncClient, *mids: str, url: str) -> str:
    """An endpoint that was made after these messages had come."""
    for mid in mids:
        body = messenger_text(mid)
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
    made = await http.post("/v1/endpoints", json={"url": url, "events": ["message.received"]})
    return str(made.json()["id"])


@pytest.mark.anyio
async def test_a_replay_is_counted_and_followed_and_waits_where_no_server_runs(tmp_path: Path) -> None:
    port = free_port()
    variables = environment(tmp_path, port=str(port))
    with serving(tmp_path, port):
        http = await ready(port)
        endpoint_id = await endpoint_that_missed(http, "m_1", "m_2", url=f"http://127.0.0.1:{free_port()}/")
        await http.aclose()
        counted = gateway("replay", endpoint_id, "--since", "1h", "--dry-run", **variables)
        followed = gateway("replay", endpoint_id, "--since", "1h", "--json", **variables)
    waiting = gateway("replay", endpoint_id, "--since", "1h", **variables)
    assert (counted.returncode, counted.stdout) == (0, "2 events match.\n")
    assert followed.returncode == 0, followed.stderr
    ended = json.loads(followed.stdout)
    assert (ended["state"], ended["done"]) == ("done", 2)
    assert "0 of 2" in followed.stderr
    assert waiting.returncode == 0 and "begins when the gateway starts" in waiting.stdout


def test_an_endpoint_that_does_not_exist_is_a_failure(tmp_path: Path) -> None:
    run = gateway("replay", "ep_none", "--since", "1h", **environment(tmp_path, port=str(free_port())))
    assert run.returncode == 1
    assert run.stderr == "gateway replay: There is no endpoint 'ep_none'. (not_found)\n"


def test_a_time_that_is_none_is_misuse() -> None:
    with pytest.raises(SystemExit) as end:
        main(["replay", "ep_1", "--since", "yesterday"])
    assert end.value.code == 2


def test_a_time_is_written_in_three_ways() -> None:
    assert moment("1767225600") == 1_767_225_600
    assert moment("2026-01-01T00:00:00Z") == 1_767_225_600
    assert abs(moment("2h") - (time.time() - 7_200)) < 10
