"""Which events a replay takes, as a query over what a customer may see."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from gateway.store.conditions import Condition
from gateway.store.replay import ReplayPlan, Selection
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.lines import TRIED
from gateway.store.sqlite.layout.paging import Conditions
from gateway.store.sqlite.layout.registry import NOBODY

# Events of the gateway's own have no platform: they were for whom they were made for.
_OF_A_PLATFORM = "p.platform <> ?"
_NAMED = "EXISTS (SELECT 1 FROM json_each(?) WHERE l.name GLOB value)"
_ON_PLATFORM = "p.platform IN (SELECT value FROM json_each(?))"
_OF_PAGE = "p.page_id IN (SELECT value FROM json_each(?))"
_FITTING = "fits(?, (SELECT body FROM events WHERE key = l.event))"
_IN_CONVERSATION = """
    EXISTS (SELECT 1 FROM places WHERE event = l.event
        AND conversation = (SELECT key FROM conversations WHERE id = ?))
"""
_NOT_EMPTIED = "NOT EXISTS (SELECT 1 FROM emptying WHERE event = l.event AND gone = ?)"
_NOT_ON_ITS_WAY = f"""
    NOT EXISTS (SELECT 1 FROM open_deliveries WHERE event = l.event AND endpoint = ? AND stage <> {TRIED})
"""
_ENDED = "EXISTS (SELECT 1 FROM finished_deliveries WHERE event = l.event AND endpoint = ? AND state = ?)"


class Range(Struct, frozen=True):
    """Where to look. `after` and `last`: keys of events; without `last`, up to the end of the plan."""

    endpoint: int
    customer: int
    after: int
    last: int | None = None


def start(plan: ReplayPlan) -> int:
    """The key after which the plan begins."""
    return first_key(plan.since) - 1


def source(plan: ReplayPlan, customer: int) -> int:
    """Whose events are looked at."""
    return NOBODY if plan.unrouted else customer


def choice(plan: ReplayPlan, within: Range) -> tuple[str, Conditions]:
    """The tables and conditions of a query, whose values are those of the conditions."""
    conditions = Conditions()
    conditions.add("l.customer = ?", source(plan, within.customer))
    conditions.add("l.event > ?", within.after)
    conditions.add("l.event < ?", first_key(plan.until))
    conditions.add("l.event <= ?", within.last)
    conditions.add(_OF_A_PLATFORM, "")
    conditions.add(_NOT_EMPTIED, 1)
    for selection in plan.selections:
        _select(conditions, selection)
    conditions.add(_IN_CONVERSATION, plan.conversation_id)
    _want(conditions, plan, within.endpoint)
    return f"FROM listings l CROSS JOIN pages p ON p.key = l.page WHERE {conditions}", conditions


def _select(conditions: Conditions, selection: Selection) -> None:
    conditions.add(_NAMED, _json(selection.events))
    conditions.add(_ON_PLATFORM, _json(selection.platforms))
    conditions.add(_OF_PAGE, _json(selection.page_ids))
    conditions.add(_FITTING, _json(selection.conditions))


def _json(values: Sequence[str] | Mapping[str, Condition]) -> str | None:
    return msgspec.json.encode(values).decode() if values else None


def _want(conditions: Conditions, plan: ReplayPlan, endpoint: int) -> None:
    if plan.wanted == "dead":
        conditions.add(_ENDED, endpoint, "dead")
        return
    conditions.add(_NOT_ON_ITS_WAY, endpoint)
    if plan.wanted == "missing":
        conditions.add(f"NOT {_ENDED}", endpoint, "delivered")
