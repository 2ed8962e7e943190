"""The people on the other side, and the many names under which businesses know them.

A PSID belongs to one person on one Page, an IGSID to one person and one Instagram account, a BSUID to
one person and one business portfolio, an ASID to one person and one app.
"""

from collections.abc import Iterator

from msgspec import Struct, field

from gateway.simulator.chance import Chance
from gateway.simulator.numbers import Number
from gateway.simulator.pages import InstagramAccount, Page

Asset = Page | InstagramAccount | Number


class Person(Struct, kw_only=True):
    """A human being."""

    key: str
    """Our own name for them; Meta never shows it."""
    name: str
    username: str | None
    phone: str
    """The WhatsApp id: digits."""
    locale: str = "en_US"
    timezone: int = 1
    gender: str = "female"
    hides_phone: bool = False
    """Has a username, and the business may not see the phone."""
    reads: bool = True
    """Opens what arrives, and has read receipts on."""
    on_whatsapp: bool = True
    identity: str = ""
    """The hash of their security code, which another device changes."""
    picks_up: bool = True
    """When the business calls."""
    permits_calls: dict[str, int] = field(default_factory=dict)
    """Number -> until when (milliseconds) it may call."""
    scoped: dict[str, str] = field(default_factory=dict)
    """Page or Instagram account -> PSID or IGSID."""
    bsuids: dict[str, str] = field(default_factory=dict)
    """Business portfolio -> BSUID."""
    asids: dict[str, str] = field(default_factory=dict)
    """App -> app-scoped id, if they logged in there."""
    blocks: set[str] = field(default_factory=set)
    """The assets that they have blocked."""
    stopped: set[str] = field(default_factory=set)
    """The assets whose marketing they have stopped."""

    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.name.split()[0]

    @property
    def last_name(self) -> str:
        """The rest of the name."""
        return " ".join(self.name.split()[1:])


class People:
    """Everybody, found under any of their names."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._people: dict[str, Person] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def __contains__(self, key: str) -> bool:
        return key in self._people

    def __getitem__(self, key: str) -> Person:
        return self._people[key]

    def add(self, person: Person) -> None:
        """Take somebody in."""
        self._people[person.key] = person

    def id_on(self, person: Person, asset: Asset) -> str:
        """Under which id the asset's own APIs know the person; given at the first contact."""
        if isinstance(asset, Number):
            return self.bsuid(person, asset) if person.hides_phone else person.phone
        if asset.id not in person.scoped:
            person.scoped[asset.id] = self._chance.digits(16)
        return person.scoped[asset.id]

    def bsuid(self, person: Person, number: Number) -> str:
        """The business-scoped user id; given at the first contact."""
        if number.business not in person.bsuids:
            person.bsuids[number.business] = f"US.{self._chance.digits(20)}"
        return person.bsuids[number.business]

    def with_scoped_id(self, asset: Asset, value: str) -> Person | None:
        """Whose PSID or IGSID this is on the asset."""
        return next((person for person in self if person.scoped.get(asset.id) == value), None)

    def with_phone(self, digits: str) -> Person | None:
        """Whose WhatsApp id this is."""
        return next((person for person in self if person.phone == digits and person.on_whatsapp), None)

    def with_bsuid(self, number: Number, value: str) -> Person | None:
        """Whose BSUID this is for the number's portfolio."""
        return next((person for person in self if person.bsuids.get(number.business) == value), None)

    def with_asid(self, app_id: str, value: str) -> Person | None:
        """Whose app-scoped id this is."""
        return next((person for person in self if person.asids.get(app_id) == value), None)
