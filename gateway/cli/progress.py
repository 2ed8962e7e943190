"""Watching what the server does step by step, until it has come to its end."""

import asyncio
import sys
from typing import Any

from gateway.cli.client import Client

WATCH_SECONDS = 0.5


async def followed(client: Client, path: str, run: dict[str, Any], counted: str) -> dict[str, Any]:
    """The run at its end; until then, one line that is written over: `counted` is what it counts."""
    while run["state"] == "running":
        sys.stderr.write(f"\r{run['id']}: {run[counted]} of {run['matched']}")
        sys.stderr.flush()
        await asyncio.sleep(WATCH_SECONDS)
        run = await client.send("GET", f"{path}/{run['id']}")
    sys.stderr.write("\n")
    return run
