"""ID Matching: a PSID as app-scoped ids, an app-scoped id as PSIDs. Always with `appsecret_proof`.

Meta, "Facebook Login: ID Matching". A page of results may be empty and yet have a next one.
"""

from typing import Any

from gateway.simulator.graph import errors, proof
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node
from gateway.simulator.pages import Page


async def ids_for_apps(call: Call, node: Node) -> dict[str, Any]:
    """In which apps the person has logged in, and as whom."""
    proof.check(call, always=True)
    _, person = node.object
    asked = call.text("app")
    found = [
        {"id": asid, "app": {"id": app_id, "name": call.meta.apps[app_id].name, "link": ""}}
        for app_id, asid in person.asids.items()
        if asked in ("", app_id)
    ]
    return _paged(call, found)


async def ids_for_pages(call: Call, node: Node) -> dict[str, Any]:
    """On which Pages the person is known, and as whom."""
    proof.check(call, always=True)
    asked = call.text("page")
    person = node.object
    found = [
        {"id": id, "page": {"id": page.id, "name": page.name}}
        for page_id, id in person.scoped.items()
        if isinstance(page := call.meta.assets[page_id], Page) and asked in ("", page_id)
    ]
    return _paged(call, found)


def _paged(call: Call, found: list[dict[str, Any]]) -> dict[str, Any]:
    """As many empty pages first as the manner says, each with a cursor to the next."""
    place = call.text("after", "0")
    if not place.isdigit():
        raise errors.messenger(100, message="Invalid cursor")
    if int(place) >= call.meta.manner.empty_pages:
        return {"data": found, "paging": {"cursors": {"before": place, "after": place}}}
    after = str(int(place) + 1)
    address = f"{call.base_url}/{'/'.join(call.path)}?after={after}"
    return {"data": [], "paging": {"cursors": {"before": place, "after": after}, "next": address}}
