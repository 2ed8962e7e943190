"""`gateway erase`, beside no server."""

import asyncio
import json
from pathlib import Path

from tests.cli.test_commands import gateway
from tests.gateways import environment, messenger_text, running, signed
from tests.redis_servers import RedisServer
from tests.servers import free_port
from tests.store.redis.searching import found

PERSON, SECRET = "7316482059174832", "a secret of mine"


async def write(folder: Path, store: str) -> None:
    async with running(folder, store=store) as (_, http):
        body = messenger_text("m_1", SECRET, psid=PERSON)
        await http.post("/webhooks/facebook", content=body, headers=signed(body))


def test_a_person_is_erased_while_no_server_runs(tmp_path: Path) -> None:
    asyncio.run(write(tmp_path, f"sqlite:///{tmp_path}/gateway.db"))
    variables = environment(tmp_path, port=str(free_port()))
    named = ("--platform", "facebook", "--kind", "psid", "--identity", PERSON)
    refused = gateway("erase", *named, **variables)
    assert refused.returncode == 1 and "scope" in refused.stderr
    done = gateway("erase", *named, "--scope", "1001", "--json", **variables)
    assert json.loads(done.stdout)["state"] == "done", done.stderr
    content = b"".join(file.read_bytes() for file in tmp_path.glob("gateway.db*"))
    assert PERSON.encode() not in content and SECRET.encode() not in content


def test_a_person_is_erased_from_redis_while_no_server_runs(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    asyncio.run(write(tmp_path, redis_server.url))
    variables = environment(tmp_path, port=str(free_port()), store=redis_server.url)
    assert found(redis_server.client, (PERSON, SECRET))
    named = ("--platform", "facebook", "--kind", "psid", "--identity", PERSON, "--scope", "1001")
    done = gateway("erase", *named, "--json", **variables)
    assert json.loads(done.stdout)["state"] == "done", done.stderr
    assert found(redis_server.client, (PERSON, SECRET)) == []
