"""`gateway accounts` and `gateway doctor`, against a simulated Meta and no server."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.test_commands import gateway
from tests.gateways import environment
from tests.servers import free_port
from tests.simulator.towns import town

pytestmark = pytest.mark.anyio


async def test_accounts_are_shown_connected_examined_mended_and_backfilled(tmp_path: Path) -> None:
    async with town(subscribed=False) as made:
        await made.meta.subscribe("facebook", "https://gateway.example/webhooks/facebook")
        await made.acts.sends("anna", made.page.id, "missed")
        token = tmp_path / "token"
        token.write_text(made.meta.add_login().value + "\n")
        variables = environment(
            tmp_path, port=str(free_port()), graph_url=made.url, app_secrets=made.meta.app.secret
        )

        async def run(*arguments: str) -> tuple[int, str]:
            done = await asyncio.to_thread(gateway, *arguments, **variables)
            assert made.meta.token(made.page.id).value not in done.stdout + done.stderr
            return done.returncode, done.stdout

        shown = await run("accounts", "import", str(token), "--dry-run")
        assert (shown[0], shown[1].split()[:3]) == (0, ["found", "facebook", made.page.id])
        assert (await run("accounts", "import", str(token)))[1].startswith("connected")
        (account,) = json.loads((await run("accounts", "list"))[1])
        assert await run("doctor") == (0, f"facebook {made.page.id}: well\n")
        made.page.subscribed.clear()
        ill = await run("doctor")
        assert (ill[0], "not_subscribed" in ill[1]) == (1, True)
        assert (await run("doctor", "--fix", "--json"))[0] == 0
        filled = await run("accounts", "backfill", account["id"], "--since", "2020-01-01T00:00:00Z")
        assert json.loads(filled[1]) == {"stored": 1, "duplicates": 0}


async def test_a_gateway_that_is_not_reached_is_told(tmp_path: Path) -> None:
    variables = environment(tmp_path, port=str(free_port()), public_url="http://127.0.0.1:9")
    report = await asyncio.to_thread(gateway, "doctor", **variables)
    assert report.returncode == 1
    assert "not_reachable" in report.stdout
