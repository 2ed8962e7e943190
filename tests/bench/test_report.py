import argparse

import msgspec
import pytest

from bench.claim import Claim
from bench.identity import Lookup
from bench.latency import Latency, Spread
from bench.machine import Machine, machine
from bench.memory import Memory
from bench.report import Results, text
from bench.run import Choice, arguments, choice, run
from bench.throughput import Capacity, Throughput, Turn

MACHINE = Machine(
    system="Linux x86_64, 2 cores",
    python="CPython 3.11.7",
    sqlite="3.40.1",
    server_core=0,
    load_core=1,
    fsync_ms=0.25,
)


def turn(per_second: float) -> Turn:
    return Turn(
        per_second=per_second,
        events=1000,
        cpu_us=None,
        load_busy=0.5,
        refused=1,
        lost=0,
        repeated=2,
        checked=10,
        forged=0,
    )


def test_the_tables_say_what_was_measured() -> None:
    capacity = Capacity(server="gateway", per_second=9000, cpu_us=None, turns=(turn(8000), turn(10_000)))
    spread = Spread(p50=1.5, p99=9.25)
    results = Results(
        machine=MACHINE,
        throughput=Throughput(capacities=(capacity,), ratios={"gateway/relay": 0.25}),
        latency=(
            Latency(
                server="gateway",
                per_second=4500,
                accept=spread,
                delivery=spread,
                generator=spread,
                unanswered=0,
            ),
        ),
        memory=(Memory(server="gateway", queued=100_000, before_mb=50, after_mb=80, mb_per_100k=30),),
        claim=(Claim(pending=1_000_000, claim_us=6, finish_us=8.5),),
        identity=(
            Lookup(contacts=1_000_000, recipient_us=80, addressee_us=90, contact_us=200, message_us=150),
        ),
    )
    shown = [" ".join(line.split()) for line in text(results).splitlines()]
    assert "gateway 9,000 8,000 10,000 unknown 50% 2 0 4 20 checked, 0 wrong" in shown
    assert "gateway/relay = 0.25" in shown
    assert "gateway 4,500 1.5 / 9.2 1.5 / 9.2 1.5 / 9.2 0" in shown
    assert "gateway 100,000 50.0 80.0 30.0" in shown
    assert "1,000,000 6.0 8.5 14.5" in shown
    assert "1,000,000 80.0 90.0 200.0 150.0" in shown


def test_the_machine_is_named_and_its_disk_tried() -> None:
    assert machine().fsync_ms > 0
    assert text(Results(machine=MACHINE)).endswith("load and sink on core 1; fsync 0.25 ms")


def parsed(*line: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    arguments(parser)
    return parser.parse_args(line)


def test_the_command_line_chooses_parts_servers_platforms_and_rounds() -> None:
    assert choice(parsed()) == Choice()
    chosen = choice(
        parsed("--only", "latency", "--without", "gateway", "--platform", "whatsapp", "--rounds", "7")
    )
    assert (chosen.parts, chosen.servers, chosen.platforms) == (
        ("latency",),
        ("plain", "relay"),
        ("whatsapp",),
    )
    assert chosen.plan.rounds == 7


def test_json_is_one_object_that_reads_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(parsed("--only", "decode", "--quick", "--json")) == 0
    results = msgspec.json.decode(capsys.readouterr().out, type=Results)
    assert [result.platform for result in results.decode] == ["facebook", "instagram", "whatsapp"]
    assert results.throughput is None
