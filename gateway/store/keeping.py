"""What is stored for a customer beyond what delivering takes: a value of the customer."""

from collections.abc import Sequence

from gateway.store.record import Record


class Keeping(Record, frozen=True, kw_only=True):
    """As long as nothing else is said everything is stored, for as long as the retention says."""

    raw: bool = True
    """The platform's own bytes of each element."""
    content: bool = True
    """What is in an event after it has been delivered. What does not arrive stays until it is too old."""
    profile: tuple[str, ...] | None = None
    """Of what the platform tells of people: these fields, in its own names. None: all."""


EVERYTHING = Keeping()


def together(wishes: Sequence[Keeping]) -> Keeping:
    """For what several customers have: what one of them keeps is kept. Of nobody's: everything."""
    if not wishes:
        return EVERYTHING
    fields = [one.profile for one in wishes]
    chosen = {name for names in fields for name in names or ()}
    return Keeping(
        raw=any(one.raw for one in wishes),
        content=any(one.content for one in wishes),
        profile=None if None in fields else tuple(sorted(chosen)),
    )
