"""`gateway renormalise`, against a server and without one."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import gateway
from tests.gateways import environment, messenger_text, running
from tests.older import take_in, unknown
from tests.servers import free_port, ready, serving


@pytest.mark.anyio
async def test_it_counts_then_changes_and_waits_where_no_server_runs(tmp_path: Path) -> None:
    async with running(tmp_path) as (older, _):
        for mid in ("m_1", "m_2"):
            await take_in(older, messenger_text(mid), unknown)
    port = free_port()
    variables = environment(tmp_path, port=str(port))
    with serving(tmp_path, port):
        await (await ready(port)).aclose()
        counted = gateway("renormalise", "--since", "1h", "--dry-run", **variables)
        followed = gateway("renormalise", "--since", "1h", "--json", **variables)
        again = gateway("renormalise", "--since", "1h", "--customer", "default", **variables)
    waiting = gateway("renormalise", "--since", "1h", **variables)
    assert "2 of 2 elements decoded, 2 events would be revised, 0 would be added." in counted.stdout
    ended = json.loads(followed.stdout)
    assert (followed.returncode, ended["state"], ended["revised"]) == (0, "done", 2)
    assert "0 of 2" in followed.stderr
    assert "2 of 2 elements decoded, 0 events revised, 0 added." in again.stdout
    assert waiting.returncode == 0 and "begins when the gateway starts: 2 elements match" in waiting.stdout


def test_what_is_refused_is_a_failure(tmp_path: Path) -> None:
    run = gateway(
        "renormalise", "--since", "1h", "--event", "nope", **environment(tmp_path, port=str(free_port()))
    )
    assert run.returncode == 1
    assert run.stderr.startswith("gateway renormalise: ") and "event" in run.stderr
