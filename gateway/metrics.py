"""What the parts of this process count, and how Prometheus reads it (text format 0.0.4).

Each part keeps its own counter; one addition to a dict is all that an event pays. Nothing here names a
customer, an endpoint or a page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from gateway.deliver.proxy import Tunnels

MEDIA_TYPE = "text/plain; version=0.0.4"


class Counts(Struct, frozen=True, kw_only=True):
    """Live views: they change while they are held. All count from the start of the process."""

    elements: Mapping[str, int]
    """`stored duplicate held`: what became of elements; `unknown quarantined`: what they were."""
    refusals: Mapping[str, int]
    """Reason → webhook requests."""
    attempts: Mapping[tuple[str, str], int]
    """(state of the delivery afterwards, error class or nothing) → attempts."""
    open_circuits: Callable[[], int]
    tunnels: Tunnels | None = None
    """None: there is no egress proxy."""


class Metric(Struct, frozen=True):
    """One name with its samples: (labels, value)."""

    name: str
    help: str
    samples: Iterable[tuple[Mapping[str, str], float]]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it. What ends in `_total` only ever grows."""
        kind = "counter" if self.name.endswith("_total") else "gauge"
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {kind}"
        for labels, value in self.samples:
            inner = ",".join(f'{name}="{text}"' for name, text in labels.items())
            yield f"{self.name}{{{inner}}} {value}" if inner else f"{self.name} {value}"


def counted(counts: Counts) -> Iterator[Metric]:
    """Everything that has been counted."""
    elements = counts.elements
    states = [({"state": state}, elements[state]) for state in ("stored", "duplicate", "held")]
    refusals = [({"reason": reason}, count) for reason, count in sorted(counts.refusals.items())]
    attempts = [
        ({"state": state, "error": error}, count) for (state, error), count in sorted(counts.attempts.items())
    ]
    yield Metric("gateway_elements_total", "Verified elements, by what became of them.", states)
    yield single("gateway_unknown_events_total", "`unknown` events, repeated ones too.", elements["unknown"])
    yield single("gateway_quarantined_total", "Elements that could not be read.", elements["quarantined"])
    yield Metric("gateway_refusals_total", "Webhook requests that were not let in.", refusals)
    yield Metric("gateway_attempts_total", "Attempts, by the delivery's state and the error.", attempts)
    yield single("gateway_open_circuits", "Endpoints that fail everything.", counts.open_circuits())
    if counts.tunnels is not None:
        faults = [({"reason": reason}, count) for reason, count in sorted(counts.tunnels.faults.items())]
        yield Metric("gateway_egress_proxy_faults_total", "Tunnels that the proxy did not open.", faults)


def single(name: str, explanation: str, value: float) -> Metric:
    """A metric without labels."""
    return Metric(name, explanation, [({}, value)])


def render(metrics: Iterable[Metric]) -> str:
    """The whole answer."""
    return "".join(f"{line}\n" for metric in metrics for line in metric.lines())
