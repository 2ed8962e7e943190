"""What follows an accepted send: echoes on Messenger and Instagram, receipts everywhere."""

from typing import Any

from gateway.simulator.graph.recipients import Recipient
from gateway.simulator.meta import Meta
from gateway.simulator.numbers import Number
from gateway.simulator.people import Person
from gateway.simulator.threads import Message
from gateway.simulator.webhooks.envelope import News
from gateway.simulator.webhooks.instagram.messages import seen
from gateway.simulator.webhooks.messenger import echoes, receipts
from gateway.simulator.webhooks.whatsapp import statuses


def of_messenger(meta: Meta, to: Recipient, message: Message, app: str) -> list[News]:
    """The echo, and as much of `delivered` and `read` as the person does."""
    owner = meta.threads.of(to.asset, to.person).owner
    about = meta.scene(to.asset, to.person, {"id": message.id, "target": message.id})
    made = [echoes.echoed(about, app, **_echoed(message.content))] if meta.manner.echoes else []
    if to.asset.platform == "facebook" and "delivered" in meta.manner.receipts:
        made.append(receipts.delivery(about))
    if to.person.reads and "read" in meta.manner.receipts:
        made.append(receipts.read(about) if to.asset.platform == "facebook" else seen(about))
    return [News(to.asset, element, owner) for element in made]


def _echoed(content: dict[str, Any]) -> dict[str, Any]:
    """A send has one `attachment`, an echo a list of them; quick replies are not echoed."""
    kept = {name: content[name] for name in ("text", "metadata", "reply_to") if name in content}
    attachments = content.get("attachments") or list(filter(None, [content.get("attachment")]))
    return kept | ({"attachments": attachments} if attachments else {})


def of_whatsapp(meta: Meta, number: Number, person: Person, message: Message, category: str) -> list[News]:
    """`sent`, `delivered`, `read`: as far as the message gets. A reaction is only ever `sent`."""
    given = {"target": message.id, "tag": message.tag, "category": category}
    about = meta.scene(number, person, given)
    steps = {"sent": statuses.sent, "delivered": statuses.delivered, "read": statuses.read}
    reached = [name for name in steps if name in meta.manner.receipts]
    if message.content.get("type") == "reaction" or number.id in person.blocks:
        reached = [name for name in reached if name == "sent"]
    elif not person.reads:
        reached = [name for name in reached if name != "read"]
    return [News(number, steps[name](about)) for name in reached]


def failure(meta: Meta, number: Number, person: Person, message: Message, code: int) -> News:
    """A message that was accepted and will not arrive."""
    given = {"target": message.id, "tag": message.tag, "code": code}
    return News(number, statuses.failed(meta.scene(number, person, given)))
