"""What people do, and the humans in the inbox: each act changes the world and is reported by a webhook."""

from typing import Any

from gateway.simulator import effects, taps
from gateway.simulator.meta import Meta, Refused
from gateway.simulator.notifier import Notification
from gateway.simulator.numbers import Number
from gateway.simulator.webhooks.element import Kind
from gateway.simulator.webhooks.envelope import News
from gateway.simulator.webhooks.kinds import KINDS


class Acts:
    """The people's side of a simulated Meta."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    async def does(self, person: str, asset: str, kind: str, **given: Any) -> list[Notification]:
        """Anything of `KINDS`, reported as Meta reports it. Returns the webhooks with their answers.

        `given` is what the builder of the kind asks for (`text`, `target`, `payload` …). Raises Refused.
        """
        meta = self._meta
        someone, where = meta.person(person), meta.asset(asset)
        known = _kind(where.platform, kind)
        if known.inbound and where.id in someone.blocks:
            raise Refused(f"{person} has blocked {where.id}")
        scene = meta.scene(where, someone, given)
        if known.inbound and isinstance(where, Number) and person in where.blocked:
            return []
        element = known.build(scene)
        thread = meta.threads.of(where, someone)
        if known.inbound:
            thread.last_inbound_ms = scene.now_ms
        effects.record(meta, scene, element)
        return await meta.publisher.publish([News(where, element, thread.owner)])

    async def sends(self, person: str, asset: str, text: str, **given: Any) -> list[Notification]:
        """A text message."""
        return await self.does(person, asset, "text", text=text, **given)

    async def taps(self, person: str, asset: str, title: str) -> list[Notification]:
        """The button, quick reply or row of that title in what the business has sent last. Raises Refused."""
        thread = self._meta.threads.of(self._meta.asset(asset), self._meta.person(person))
        tapped = taps.find(thread, title)
        if tapped is None:
            raise Refused(f"nothing that {asset} has sent to {person} has a button “{title}”")
        return await self.does(person, asset, tapped.kind, **tapped.given)

    async def answers_in_the_inbox(self, asset: str, person: str, text: str) -> list[Notification]:
        """A human of the business types a reply in the inbox, or in the WhatsApp Business app."""
        kind = "echo" if isinstance(self._meta.asset(asset), Number) else "inbox_echo"
        return await self.does(person, asset, kind, text=text)

    def blocks(self, person: str, asset: str) -> None:
        """No webhook tells of it; sends fail from now on."""
        self._meta.person(person).blocks.add(self._meta.asset(asset).id)

    def unblocks(self, person: str, asset: str, *, new_id: bool = True) -> None:
        """They may be written to again, on Messenger and Instagram under a new id."""
        someone = self._meta.person(person)
        someone.blocks.discard(asset)
        if new_id:
            someone.scoped.pop(self._meta.asset(asset).id, None)

    async def changes_number(self, person: str, asset: str, phone: str) -> list[Notification]:
        """Another phone, and with it another BSUID for every business."""
        meta, someone = self._meta, self._meta.person(person)
        number = meta.number(asset)
        given = {"old_phone": someone.phone, "old_user_id": meta.people.bsuid(someone, number)}
        someone.phone = phone
        someone.bsuids.clear()
        kind = "user_id_changed" if someone.hides_phone else "number_changed"
        return await self.does(person, asset, kind, **given)


def _kind(platform: str, name: str) -> Kind:
    kind = KINDS[platform].get(name)
    if kind is None:
        raise Refused(f"there is no {platform} webhook “{name}”")
    return kind
