"""`block_users`: people whom the business does not want to hear of.

Meta, "WhatsApp: Block users". Nobody is blocked who has not written within a day; an answer names each,
`added_users` or `removed_users`, and `failed_users` with the reason.
"""

from typing import Any

from gateway.simulator.graph import addresses_whatsapp, errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.errors import GraphError
from gateway.simulator.graph.nodes import Node
from gateway.simulator.numbers import Number
from gateway.simulator.people import Person
from gateway.simulator.windows import is_open

NOT_ALL = 139100
REENGAGEMENT = 131047


async def block(call: Call, node: Node) -> dict[str, Any]:
    """Nothing of these people is reported any more, and nothing can be sent to them."""
    return _each(call, node.object, "added_users", _block)


async def unblock(call: Call, node: Node) -> dict[str, Any]:
    """They are heard again."""
    return _each(call, node.object, "removed_users", _unblock)


async def blocked(call: Call, node: Node) -> dict[str, Any]:
    """Who is blocked."""
    call.needs("whatsapp_business_messaging")
    number: Number = node.object
    people = [call.meta.people[key] for key in sorted(number.blocked)]
    return {"data": [{"messaging_product": "whatsapp"} | _names(call, number, one) for one in people]}


def _each(call: Call, number: Number, done: str, act: Any) -> dict[str, Any]:
    call.needs("whatsapp_business_messaging")
    good: list[dict[str, Any]] = []
    bad: list[dict[str, Any]] = []
    for given in call.required("block_users"):
        asked = str(given.get("user") or given.get("user_id") or "")
        person = _person(call, number, given)
        error = errors.whatsapp(131026) if person is None else act(call, number, person)
        if error is not None or person is None:
            bad.append({"input": asked, "errors": [_shown(error)]})
        else:
            good.append({"input": asked} | _names(call, number, person))
    if bad and not good:
        raise errors.whatsapp(NOT_ALL, "Failed to block or unblock some users.")
    failed = {"failed_users": bad} if bad else {}
    return {"messaging_product": "whatsapp", "block_users": {done: good} | failed}


def _person(call: Call, number: Number, given: dict[str, Any]) -> Person | None:
    """By phone in `user`, by business-scoped id in `user_id`; no parent's id."""
    if user_id := str(given.get("user_id", "")):
        valid = addresses_whatsapp.BSUID.fullmatch(user_id) and ".ENT." not in user_id
        return call.meta.people.with_bsuid(number, user_id) if valid else None
    return call.meta.people.with_phone("".join(filter(str.isdigit, str(given.get("user", "")))))


def _block(call: Call, number: Number, person: Person) -> GraphError | None:
    thread = call.meta.threads.of(number, person)
    if not is_open(thread.last_inbound_ms, call.now_ms):
        return errors.whatsapp(REENGAGEMENT)
    number.blocked.add(person.key)
    return None


def _unblock(call: Call, number: Number, person: Person) -> GraphError | None:
    number.blocked.discard(person.key)
    return None


def _names(call: Call, number: Number, person: Person) -> dict[str, str]:
    phone = {} if person.hides_phone else {"wa_id": person.phone}
    return phone | {"user_id": call.meta.people.bsuid(person, number)}


def _shown(error: GraphError | None) -> dict[str, Any]:
    return {} if error is None else {"code": error.code, "message": error.message}
