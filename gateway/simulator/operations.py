"""What can be done to a simulated Meta from outside of its process: `POST /_simulator/{operation}`."""

from collections.abc import Callable
from typing import Any

import msgspec

from gateway.simulator.acts import Acts
from gateway.simulator.faults import Fault
from gateway.simulator.meta import Meta
from gateway.simulator.notifier import Notification
from gateway.simulator.numbers import Template
from gateway.simulator.tokens import EXPIRED


class Operations:
    """The operations that are more than one call of `Meta` or `Acts`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def fault(self, times: int = 1, probability: float = 0.0, **fault: Any) -> None:
        """The next `times` requests fail so, or a share of all requests."""
        made = msgspec.convert(fault, Fault)
        if probability:
            self._meta.faults.add_odds(made, probability)
        else:
            self._meta.faults.add(made, times)

    def clear_faults(self) -> None:
        """Everything goes well again."""
        self._meta.faults.clear()

    def manner(self, **habits: Any) -> Any:
        """Change some habits; all of them as they are now."""
        return _change(self._meta.manner, habits)

    def quota(self, **figures: int) -> Any:
        """Change some limits; all of them as they are now."""
        return _change(self._meta.limits.quota, figures)

    def add_template(self, number: str, **template: Any) -> None:
        """A template of the number's account."""
        self._meta.add_template(number, msgspec.convert(template, Template))

    def token(self, asset: str) -> str:
        """The token that speaks for an asset."""
        return self._meta.token(asset).value

    def end_token(self, asset: str, subcode: int = EXPIRED) -> None:
        """Calls with this token get error 190 with that subcode from now on."""
        self._meta.token(asset).ended = subcode

    def forbid(self, asset: str, permission: str) -> None:
        """The token of an asset has this permission no more."""
        self._meta.token(asset).permissions -= {permission}

    async def release(self) -> list[Notification]:
        """Post what was held back, in batches."""
        return await self._meta.publisher.release(self._meta.chance)

    def notifications(self) -> list[Notification]:
        """Every webhook that was posted, with what it was answered."""
        return self._meta.notifier.sent


def _change(subject: msgspec.Struct, changes: dict[str, Any]) -> Any:
    """Set some fields in place, checked as a whole first. Raises msgspec.ValidationError."""
    changed = msgspec.convert(msgspec.to_builtins(subject) | changes, type(subject))
    for name in changes:
        if name not in subject.__struct_fields__:
            raise msgspec.ValidationError(f"there is no “{name}”")
        setattr(subject, name, getattr(changed, name))
    return subject


def operations(meta: Meta) -> dict[str, Callable[..., Any]]:
    """By name: what is set up, what people do, what goes wrong, and what has happened."""
    acts, more = Acts(meta), Operations(meta)
    made: tuple[Callable[..., Any], ...] = (
        meta.add_page, meta.add_instagram_account, meta.add_number, meta.add_person, meta.add_group,
        more.add_template,
        meta.subscribe, more.token, more.end_token, more.forbid,
        acts.does, acts.sends, acts.taps, acts.answers_in_the_inbox, acts.blocks, acts.unblocks,
        acts.changes_number, more.release,
        more.fault, more.clear_faults, more.manner, more.quota, meta.advance, meta.settled,
        meta.received_by, more.notifications,
    )  # fmt: skip
    return {operation.__name__: operation for operation in made}
