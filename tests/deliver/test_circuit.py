"""When an endpoint is left in peace, and how it comes back."""

from gateway.deliver.circuit import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, THRESHOLD, Circuit

NOW = 1_000_000


def opened() -> Circuit:
    circuit = Circuit()
    for number in range(THRESHOLD):
        circuit.failed(f"dlv_{number}", NOW)
    return circuit


def probe(circuit: Circuit, delivery_id: str = "dlv_probe") -> None:
    circuit.probing = True
    circuit.start(delivery_id)


def test_it_opens_when_enough_deliveries_have_failed_in_a_row() -> None:
    circuit = Circuit()
    noted = [circuit.failed(f"dlv_{number}", NOW) for number in range(THRESHOLD)]
    assert noted == [False] * (THRESHOLD - 1) + [True]
    assert not circuit.admits(NOW)


def test_one_delivery_that_keeps_failing_never_opens_it() -> None:
    circuit = Circuit()
    for _ in range(100):
        circuit.failed("dlv_1", NOW)
    assert circuit.admits(NOW)


def test_a_success_between_begins_the_count_anew() -> None:
    circuit = Circuit()
    for number in range(3 * THRESHOLD):
        circuit.failed(f"dlv_{number}", NOW)
        if number % (THRESHOLD - 1) == 0:
            assert not circuit.succeeded()
    assert not circuit.open


def test_an_open_circuit_lets_one_probe_through_after_a_pause() -> None:
    circuit = opened()
    assert not circuit.admits(NOW + FIRST_PAUSE_MS - 1)
    assert circuit.admits(NOW + FIRST_PAUSE_MS)
    probe(circuit)
    assert not circuit.admits(NOW + LONGEST_PAUSE_MS)


def test_each_failed_probe_doubles_the_pause_up_to_a_minute() -> None:
    circuit, now, pauses = opened(), NOW, []
    for _ in range(8):
        now = circuit.probe_at
        probe(circuit)
        circuit.failed("dlv_probe", now)
        pauses.append((circuit.probe_at - now) // 1_000)
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_what_was_under_way_when_it_opened_does_not_count_as_a_probe() -> None:
    circuit = opened()
    probe(circuit)
    circuit.failed("dlv_straggler", NOW)
    assert circuit.probing and circuit.probe_at == NOW + FIRST_PAUSE_MS


def test_any_success_closes_it() -> None:
    circuit = opened()
    assert circuit.succeeded()
    assert circuit.admits(NOW) and circuit.probe_at == 0
    assert not circuit.succeeded()


def test_a_probe_that_said_nothing_may_be_repeated_at_once() -> None:
    circuit = opened()
    probe(circuit)
    circuit.withdraw_probe()
    assert circuit.admits(NOW + FIRST_PAUSE_MS)
