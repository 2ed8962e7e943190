import os
import sys
from pathlib import Path

import pytest

from bench.child import Child, pinned
from bench.servers import NotStarted, free_port, listening


@pytest.mark.anyio
async def test_a_child_that_ends_at_once_is_reported_with_its_last_words(tmp_path: Path) -> None:
    child = await Child.start(("bench.no_such_module",), {}, tmp_path)
    with pytest.raises(NotStarted, match="No module named bench"):
        await listening(child, free_port())
    await child.stop()


@pytest.mark.anyio
async def test_a_child_uses_processor_and_memory_until_it_is_stopped(tmp_path: Path) -> None:
    port = free_port()
    child = await Child.start(("http.server", "--bind", "127.0.0.1", str(port)), {}, tmp_path)
    await listening(child, port)
    if sys.platform == "linux":
        assert (child.cpu_s() or 0) > 0
        assert (child.resident_bytes() or 0) > 1_000_000
    await child.stop()
    assert child.ended


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process choose its core")
def test_pinning_lasts_as_long_as_the_block() -> None:
    if sys.platform == "linux":
        before = os.sched_getaffinity(0)
        with pinned(min(before)):
            assert os.sched_getaffinity(0) == {min(before)}
        assert os.sched_getaffinity(0) == before
