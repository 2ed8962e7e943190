"""Nothing is sent twice and nothing is lost in silence, whatever dies and whatever Meta answers."""

from pathlib import Path

import pytest

from tests.chaos.sending import Plan, figures


@pytest.mark.anyio
@pytest.mark.parametrize("store", ["sqlite", "redis"])
async def test_no_message_is_sent_twice_or_lost_in_silence(
    tmp_path: Path, request: pytest.FixtureRequest, store: str
) -> None:
    address = request.getfixturevalue("redis_server").url if store == "redis" else None
    plan = Plan(sends=200, kills=2, people=25, lost_answers="reset", patience_seconds=60)
    found = await figures(plan, tmp_path, address)
    assert found.accepted > 150, found  # Each kill takes up to sixteen requests with it.
    assert (found.twice, found.lost, found.silent, found.wrong) == (0, 0, 0, 0), found
    assert found.states.get("unknown", 0) < 50, found
