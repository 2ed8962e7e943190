"""Nothing is sent twice and nothing is lost in silence, whatever dies and whatever Meta answers."""

from pathlib import Path

import pytest

from tests.chaos.sending import Plan, figures


@pytest.mark.anyio
async def test_no_message_is_sent_twice_or_lost_in_silence(tmp_path: Path) -> None:
    plan = Plan(sends=300, kills=2, people=25, lost_answers="reset", patience_seconds=60)
    found = await figures(plan, tmp_path)
    assert found.accepted > 250, found  # Each kill takes up to sixteen requests with it.
    assert (found.twice, found.lost, found.wrong) == (0, 0, 0), found
    assert found.states.get("unknown", 0) < 60, found
