"""Who stands where when something happens, and what it is to say; every builder takes one."""

from typing import Any

from msgspec import Struct

from gateway.simulator.chance import Chance
from gateway.simulator.media import PIXEL, RECEIVED_LIFE_MS, Medium, Shelf
from gateway.simulator.numbers import Number
from gateway.simulator.pages import InstagramAccount, Page
from gateway.simulator.people import Asset, People, Person


class Scene(Struct, frozen=True, kw_only=True):
    """One moment between a person and a business."""

    asset: Asset
    person: Person
    people: People
    chance: Chance
    shelf: Shelf
    now_ms: int
    base_url: str
    app_id: str
    given: dict[str, Any]
    """What the caller wants to be said; the builders name their defaults."""

    def say(self, name: str, default: Any) -> Any:
        """The caller's value, or the default."""
        return self.given.get(name, default)

    @property
    def person_id(self) -> str:
        """The PSID or IGSID; on WhatsApp what the business may see: the phone or the BSUID."""
        return self.people.id_on(self.person, self.asset)

    @property
    def seconds(self) -> str:
        """The moment as WhatsApp writes it."""
        return str(self.now_ms // 1_000)

    @property
    def number(self) -> Number:
        """The asset, where it is a WhatsApp number."""
        if not isinstance(self.asset, Number):
            raise TypeError("this happens on WhatsApp numbers only")
        return self.asset

    @property
    def page(self) -> Page | InstagramAccount:
        """The asset, where it is a Page or an Instagram account."""
        if isinstance(self.asset, Number):
            raise TypeError("this happens on Messenger and Instagram only")
        return self.asset

    def parties(self, *, swapped: bool = False) -> dict[str, Any]:
        """`sender`, `recipient` and `timestamp` of an item."""
        sides = [{"id": self.person_id}, {"id": self.asset.id}]
        sender, recipient = reversed(sides) if swapped else sides
        return {"sender": sender, "recipient": recipient, "timestamp": self.now_ms}

    def new_id(self, *, outbound: bool = False) -> str:
        """A message id of the channel, or the one that the caller wants."""
        given = self.given.get("id")
        if isinstance(given, str):
            return given
        if isinstance(self.asset, Number):
            return self.chance.wamid(self.person_id, outbound=outbound)
        if self.asset.platform == "instagram":
            return self.chance.instagram_mid()
        return self.chance.messenger_mid()

    def about(self) -> str:
        """The id of the earlier message that this is about: `target`, or one nobody has heard of."""
        target = self.given.get("target")
        return target if isinstance(target, str) else self.new_id()

    def medium(self, mime_type: str) -> Medium:
        """A file that the person sends."""
        return self.shelf.keep(self.asset.id, PIXEL, mime_type, self.now_ms + RECEIVED_LIFE_MS)

    def file_url(self, mime_type: str) -> str:
        """Where a file that is sent on Messenger or Instagram can be fetched."""
        given = self.given.get("url")
        if isinstance(given, str):
            return given
        return self.shelf.public_address(self.medium(mime_type), self.base_url)
