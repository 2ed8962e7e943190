"""`gateway erase`, beside no server."""

import asyncio
import json
from pathlib import Path

from tests.cli.test_commands import gateway
from tests.gateways import environment, messenger_text, running, signed
from tests.servers import free_port


async def write(folder: Path) -> None:
    async with running(folder) as (_, http):
        body = messenger_text("m_1", "a secret of mine", psid="7316482059174832")
        await http.post("/webhooks/facebook", content=body, headers=signed(body))


def test_a_person_is_erased_while_no_server_runs(tmp_path: Path) -> None:
    asyncio.run(write(tmp_path))
    variables = environment(tmp_path, port=str(free_port()))
    named = ("--platform", "facebook", "--kind", "psid", "--identity", "7316482059174832")
    refused = gateway("erase", *named, **variables)
    assert refused.returncode == 1 and "scope" in refused.stderr
    done = gateway("erase", *named, "--scope", "1001", "--json", **variables)
    assert json.loads(done.stdout)["state"] == "done", done.stderr
    content = b"".join(file.read_bytes() for file in tmp_path.glob("gateway.db*"))
    assert b"7316482059174832" not in content and b"a secret of mine" not in content
