"""An erasure whose process is killed in each of its steps is done all the same, and counts nothing twice."""

import asyncio
import sys

import pytest

from gateway.store.records import DeliveryFilter
from tests.children import child, said
from tests.conftest import REPOSITORY
from tests.store.conftest import OpenStore
from tests.store.samples import NOW, claimed, edit, endpoint, message, psid, queued
from tests.store.test_erasures import ALL, senders

pytestmark = pytest.mark.anyio

MESSAGES = 3


def erase_some(url: str) -> bool:
    """Have a process do a step, and kill it in the next one. Whether there was none."""
    command = [sys.executable, "-m", "tests.store.eraser", url]
    with child(command, REPOSITORY) as process:
        line = said(process)
    assert line in ("step\n", "done\n")
    return line == "done\n"


async def test_a_process_killed_in_every_step_is_harmless(open_store: OpenStore, store_url: str) -> None:
    first = await open_store()
    await first.put_endpoint(endpoint())
    (kept,) = await first.accept([message("m_0", psid("2002"), routes=claimed("ep_1"))])
    for number in range(1, MESSAGES + 1):
        await first.accept([message(f"m_{number}", psid("3001"), routes=queued("ep_1"))])
    await first.accept([edit("m_unknown", psid("3001"))])
    await first.close()
    killed = 0
    while not await asyncio.to_thread(erase_some, store_url):
        killed += 1
    second = await open_store()
    erasure = await second.people.erasure("code-1")
    assert erasure is not None and (erasure.state, erasure.erased) == ("done", MESSAGES + 1)
    assert killed >= 3
    assert set(await senders(second)) == {"2002"}
    assert await second.release_held(NOW + 60_000) == []
    assert [one.event_id for one in (await second.deliveries(None, DeliveryFilter(), ALL)).data] == [
        kept.event_id
    ]
    assert await second.people.advance_erasure(10, NOW) is None
