"""Every measurement runs, in small, and counts right. How fast anything is, is not asserted."""

import pytest

from bench.claim import claim
from bench.decode import decode
from bench.identity import identity
from bench.latency import latency
from bench.memory import memory
from bench.plan import Plan
from bench.servers import NAMES, new_keys, running
from bench.throughput import full_load, throughput
from bench.traffic import PLATFORMS, Traffic

NOW = 1_790_000_000_000
KEYS = new_keys()
SMALL = Plan(
    warm_up_seconds=0.2,
    rounds=2,
    turn_seconds=10,
    turn_events=40,
    latency_seconds=0.2,
    queued=40,
    pending=(200,),
    contacts=(50, 200),
    decode_rounds=2,
)


@pytest.mark.anyio
@pytest.mark.parametrize("name", NAMES)
async def test_every_server_delivers_all_it_acknowledges(name: str) -> None:
    requests = Traffic(KEYS.app_secret, NOW).requests(120)
    async with running(name, KEYS) as server:
        turn = await full_load(server, requests, 10, 64)
    assert (turn.events, turn.refused, turn.lost, turn.repeated, turn.forged) == (120, 0, 0, 0, 0)
    assert turn.checked == (0 if name == "relay" else 2)


@pytest.mark.anyio
async def test_the_servers_take_turns_and_every_turn_is_kept() -> None:
    traffic = Traffic(KEYS.app_secret, NOW)
    async with running("relay", KEYS) as first, running("plain", KEYS) as second:
        result = await throughput([first, second], traffic, SMALL)
        delays = await latency([first, second], traffic, result.capacities, SMALL)
    assert [capacity.server for capacity in result.capacities] == ["relay", "plain"]
    assert [[turn.events for turn in capacity.turns] for capacity in result.capacities] == [[40, 40]] * 2
    assert result.ratios == {}
    assert [(delay.server, delay.unanswered) for delay in delays] == [("relay", 0), ("plain", 0)]


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["plain", "gateway"])
async def test_events_are_queued_while_the_receiver_is_down(name: str) -> None:
    result = await memory(name, KEYS, Traffic(KEYS.app_secret, NOW), SMALL)
    assert (result.server, result.queued) == (name, 40)


@pytest.mark.anyio
async def test_deliveries_are_claimed_and_finished() -> None:
    (result,) = await claim(SMALL)
    assert result.pending == 200
    assert result.claim_us > 0
    assert result.finish_us > 0


@pytest.mark.anyio
async def test_people_are_found_among_more_and_more_others() -> None:
    results = await identity(SMALL)
    assert [result.contacts for result in results] == [50, 200]
    found = [(one.recipient_us, one.addressee_us, one.contact_us, one.message_us) for one in results]
    assert min(cost for costs in found for cost in costs) > 0


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_pure_part_is_timed_step_by_step(platform: str) -> None:
    result = decode(platform, SMALL)
    steps = (result.verify_us, result.decode_us, result.encode_us)
    assert min(steps) > 0
    assert result.ratio == pytest.approx(sum(steps) / result.loads_us)
