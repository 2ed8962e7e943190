"""The Conversations API: what was said, for whoever missed it. Details of the twenty newest messages only.

Meta, "Messenger Platform: Conversations API".
"""

from datetime import UTC, datetime
from typing import Any

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.fields import Fields, parse
from gateway.simulator.graph.nodes import Node
from gateway.simulator.pages import Page
from gateway.simulator.people import Asset
from gateway.simulator.threads import DETAILED, Message, Thread

PAGE_SIZE = 25


async def conversations(call: Call, node: Node) -> dict[str, Any]:
    """Of a Page or an account, newest first; `user_id` picks one, `platform` the side of a Page."""
    asset = _side(call, node.object)
    wanted = parse(call.text("fields", "id,updated_time"))
    threads = [one for one in call.meta.threads if one.asset == asset.id and one.messages]
    if user := call.text("user_id"):
        person = call.meta.people.with_scoped_id(asset, user)
        threads = [one for one in threads if person and one.person == person.key]
    threads.sort(key=lambda one: one.messages[-1].at_ms, reverse=True)
    return {"data": [_thread(call, one, wanted) for one in threads]}


def _side(call: Call, asset: Asset) -> Asset:
    if isinstance(asset, Page) and call.text("platform") == "instagram":
        if not asset.instagram:
            raise errors.messenger(100, 2534013, "The Page is not linked to an Instagram account.")
        return call.meta.assets[asset.instagram]
    return asset


async def thread(call: Call, node: Node) -> dict[str, Any]:
    """One conversation."""
    return _thread(call, node.object, parse(call.text("fields", "id,updated_time")))


async def messages(call: Call, node: Node) -> dict[str, Any]:
    """The messages of one conversation."""
    wanted = parse(call.text("fields", "id,created_time"))
    return _messages(call, node.object, wanted, int(call.text("after", "0") or 0))


async def message(call: Call, node: Node) -> dict[str, Any]:
    """One message, if it is among the newest of its conversation and still there."""
    within, found = node.object
    if found.deleted or found not in within.messages[-DETAILED:]:
        raise errors.messenger(9000001)
    return _message(call, within, found, parse(call.text("fields", "id,created_time")))


def _thread(call: Call, one: Thread, wanted: Fields) -> dict[str, Any]:
    made: dict[str, Any] = {"id": one.id}
    if "updated_time" in wanted:
        made["updated_time"] = _time(one.messages[-1].at_ms)
    if "participants" in wanted:
        made["participants"] = {"data": [_person(call, one), _business(call, one)]}
    if "messages" in wanted:
        made["messages"] = _messages(call, one, wanted["messages"] or parse("id,created_time"), 0)
    return made


def _messages(call: Call, one: Thread, wanted: Fields, start: int) -> dict[str, Any]:
    """Newest first; those past the twentieth have no details."""
    newest = one.messages[::-1]
    shown = newest[start : start + PAGE_SIZE]
    data = []
    for place, each in enumerate(shown, start):
        details = wanted if place < DETAILED else parse("id,created_time")
        data.append(_message(call, one, each, details))
    paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + len(shown))}}
    if start + PAGE_SIZE < len(newest):
        paging["next"] = f"{call.base_url}/{one.id}/messages?after={start + PAGE_SIZE}"
    return {"data": data, "paging": paging}


def _message(call: Call, within: Thread, one: Message, wanted: Fields) -> dict[str, Any]:
    sides = [_person(call, within), _business(call, within)]
    sender, recipient = reversed(sides) if one.outbound else sides
    facts: dict[str, Any] = {
        "id": one.id,
        "created_time": _time(one.at_ms),
        "from": sender,
        "to": {"data": [recipient]},
        "message": one.text,
        "reply_to": one.content.get("reply_to"),
    }
    return {name: facts[name] for name in wanted if facts.get(name) is not None} | {"id": one.id}


def _person(call: Call, within: Thread) -> dict[str, str]:
    asset, person = call.meta.assets[within.asset], call.meta.people[within.person]
    id = call.meta.people.id_on(person, asset)
    if asset.platform == "instagram":
        return {"username": person.username or person.key, "id": id}
    return {"name": person.name, "email": f"{id}@facebook.com", "id": id}


def _business(call: Call, within: Thread) -> dict[str, str]:
    asset = call.meta.assets[within.asset]
    return {"name": asset.name, "id": asset.id}


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1_000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
