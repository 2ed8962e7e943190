"""One simulated Meta: the businesses, the people, the rules, and everything that has happened between them.

State is in memory. `seed` makes ids and odds repeatable; `clock_source` (Unix milliseconds) may stand still,
`advance` puts the time forward. `serving(meta)` puts it behind real HTTP.
"""

from collections.abc import Callable
from typing import Any

from gateway.clock import system_clock
from gateway.simulator.apps import FIELDS, App, Subscription
from gateway.simulator.chance import Chance
from gateway.simulator.clock import Clock
from gateway.simulator.comments import Comment
from gateway.simulator.faults import Faults
from gateway.simulator.groups import Group
from gateway.simulator.limits import Limits
from gateway.simulator.manner import Manner
from gateway.simulator.media import Shelf
from gateway.simulator.notifier import Notifier
from gateway.simulator.numbers import Number, Template, Waba
from gateway.simulator.pages import InstagramAccount, Page
from gateway.simulator.people import Asset, People, Person
from gateway.simulator.publisher import Publisher
from gateway.simulator.threads import Message, Threads
from gateway.simulator.tokens import (
    INSTAGRAM_PERMISSIONS,
    MESSENGER_PERMISSIONS,
    WHATSAPP_PERMISSIONS,
    Token,
    Tokens,
)
from gateway.simulator.webhooks.scene import Scene

REAL_URL = "https://lookaside.fbsbx.com"
OBJECTS = {"facebook": "page", "instagram": "instagram", "whatsapp": "whatsapp_business_account"}


class Refused(Exception):
    """What was asked for cannot happen; the text says why."""


class Meta:
    """The whole of it. What is added is installed and subscribed; take away what a test does not want."""

    def __init__(
        self, *, seed: int | None = None, clock_source: Callable[[], int] = system_clock, secret: str = ""
    ) -> None:
        self.clock = Clock(clock_source)
        self.chance = Chance(seed)
        self.manner = Manner()
        self.faults = Faults(self.chance)
        self.limits = Limits()
        self.base_url = REAL_URL
        """Where files that people send can be fetched."""
        self.people = People(self.chance)
        self.tokens = Tokens()
        self.threads = Threads(self.chance)
        self.shelf = Shelf(self.chance)
        self.groups: dict[str, Group] = {}
        self.calls: dict[str, Person] = {}
        """Calls by businesses that are going on, and with whom."""
        self.comments: dict[str, Comment] = {}
        self.references: dict[tuple[str, str], str] = {}
        """`user_ref`s and marketing tokens of an asset, and whose they are."""
        self.ad_referrals: dict[tuple[str, str], dict[str, Any]] = {}
        """By asset and person: the ad that they came from last."""
        self.apps: dict[str, App] = {}
        self.assets: dict[str, Asset] = {}
        self.wabas: dict[str, Waba] = {}
        self.templates: dict[tuple[str, str, str], Template] = {}
        """By WABA, name, language."""
        self.notifier = Notifier(self.clock, self.chance, self.manner)
        self.publisher = Publisher(self.apps, self.assets, self.notifier, self.manner, self.clock)
        self.app = self.add_app(secret=secret)
        """The app that everything is installed in."""

    def add_app(self, *, secret: str = "", instagram_secret: str = "") -> App:
        """A Meta app; its secrets are made up if not given."""
        app = App(
            id=self.chance.digits(16),
            name="Customer care",
            secret=secret or self.chance.text(32),
            instagram_secret=instagram_secret or secret or self.chance.text(32),
        )
        self.apps[app.id] = app
        self._grant("app", app.id, frozenset(), app.token)
        return app

    def add_page(self, id: str = "", name: str = "Kettles & Co") -> Page:
        """A Facebook Page."""
        page = Page(id=id or self.chance.digits(15), name=name, business=self.chance.digits(15))
        page.subscribed[self.app.id] = frozenset(FIELDS["page"])
        self.assets[page.id] = page
        self._grant("page", page.id, MESSENGER_PERMISSIONS)
        return page

    def add_instagram_account(
        self, id: str = "", name: str = "Kettles", username: str = "kettles", page: str = ""
    ) -> InstagramAccount:
        """An Instagram account, with Instagram Login, or with Facebook Login through its linked `page`."""
        linked = self._page(page) if page else None
        account = InstagramAccount(
            id=id or f"17841{self.chance.digits(12)}",
            login_id=self.chance.digits(17),
            name=name,
            username=username,
            business=linked.business if linked else self.chance.digits(15),
            page=page or None,
        )
        self.assets[account.id] = account
        if linked:
            linked.instagram = account.id
        else:
            account.subscribed[self.app.id] = frozenset(FIELDS["instagram"])
            self._grant("instagram", account.id, INSTAGRAM_PERMISSIONS)
        return account

    def add_number(
        self, id: str = "", display: str = "", waba: str = "", *, coexistence: bool = False
    ) -> Number:
        """A WhatsApp number, in an account of its own or in one that is there."""
        account = self.wabas.get(waba) or self._add_waba(waba)
        number = Number(
            id=id or self.chance.digits(15),
            display=display or self.chance.digits(11),
            name="Kettles",
            waba=account,
            coexistence=coexistence,
        )
        self.assets[number.id] = number
        return number

    def _add_waba(self, id: str) -> Waba:
        waba = Waba(id=id or self.chance.digits(15), name="Kettles", business=self.chance.digits(15))
        waba.subscribed[self.app.id] = None
        self.wabas[waba.id] = waba
        self._grant("system", waba.business, WHATSAPP_PERMISSIONS)
        return waba

    def add_template(self, number: str, template: Template) -> None:
        """An approved template of the number's account."""
        waba = self.number(number).waba
        self.templates[waba.id, template.name, template.language] = template

    def add_person(
        self,
        key: str,
        name: str = "Anna Größe",
        phone: str = "",
        username: str = "",
        *,
        hides_phone: bool = False,
    ) -> Person:
        """Somebody; `key` is how the simulator calls them. `hides_phone`: businesses see a BSUID only."""
        person = Person(
            key=key,
            name=name,
            username=username or (key if hides_phone else None),
            phone=phone or f"4366{self.chance.digits(8)}",
            hides_phone=hides_phone,
            asids={self.app.id: self.chance.digits(17)},
            identity=self.chance.text(12),
        )
        self.people.add(person)
        return person

    def add_group(self, number: str, people: list[str], subject: str = "Kettle club") -> Group:
        """A group of the number's with these people in it. Raises Refused."""
        keys = [self.person(key).key for key in people]
        id = f"Y2FwaV9ncm91cDo{self.chance.text(24)}"
        group = Group(id=id, number=self.number(number).id, subject=subject, people=keys)
        self.groups[id] = group
        return group

    def add_login(self) -> Token:
        """Somebody who manages all the Pages has logged in: the short-lived token that the app got."""
        self._grant("user", self.chance.digits(16), frozenset({"pages_show_list"}))
        return list(self.tokens)[-1]

    def _grant(self, kind: str, owner: str, permissions: frozenset[str], value: str = "") -> None:
        value = value or f"{'IGAA' if kind == 'instagram' else 'EAA'}{self.chance.text(60)}"
        app = self.app.id if kind != "app" else owner
        self.tokens.add(Token(value=value, kind=kind, owner=owner, app=app, permissions=permissions))

    def token(self, asset: str) -> Token:
        """The token that speaks for an asset. Raises Refused."""
        found = self.asset(asset)
        owner = asset
        if isinstance(found, Number):
            owner = found.business
        elif isinstance(found, InstagramAccount):
            owner = found.page or asset
        return self.tokens.of(owner)

    async def subscribe(
        self, platform: str, url: str, verify_token: str = "", app: App | None = None
    ) -> None:
        """Webhooks of a platform go to this callback, which is asked first. Raises Refused."""
        if verify_token and not await self.notifier.handshake(url, verify_token):
            raise Refused(f"the callback at {url} did not give the challenge back")
        object_ = OBJECTS[platform]
        fields = frozenset(FIELDS[object_])
        (app or self.app).subscriptions[object_] = Subscription(callback_url=url, fields=fields)

    def asset(self, id: str) -> Asset:
        """The Page, Instagram account or number. Raises Refused."""
        if id not in self.assets:
            raise Refused(f"there is no Page, Instagram account or number {id}")
        return self.assets[id]

    def number(self, id: str) -> Number:
        """The number. Raises Refused."""
        found = self.asset(id)
        if not isinstance(found, Number):
            raise Refused(f"{id} is no WhatsApp number")
        return found

    def _page(self, id: str) -> Page:
        found = self.asset(id)
        if not isinstance(found, Page):
            raise Refused(f"{id} is no Facebook Page")
        return found

    def person(self, key: str) -> Person:
        """Somebody. Raises Refused."""
        if key not in self.people:
            raise Refused(f"there is nobody called {key}")
        return self.people[key]

    def advance(self, seconds: float) -> None:
        """Put the time forward: windows close, addresses expire, retries fall due."""
        self.clock.advance(seconds)
        self.notifier.wake()

    def received_by(self, person: str, asset: str = "") -> list[Message]:
        """What a person has got from all businesses, or from one: what their screen would show."""
        threads = [
            thread for thread in self.threads if thread.person == person and asset in ("", thread.asset)
        ]
        messages = [message for thread in threads for message in thread.messages if message.outbound]
        groups = [one for one in self.groups.values() if person in one.people and asset in ("", one.number)]
        messages += [message for group in groups for message in group.messages]
        return sorted(messages, key=lambda message: message.at_ms)

    def scene(self, asset: Asset, person: Person, given: dict[str, Any]) -> Scene:
        """This moment between the two."""
        return Scene(
            asset=asset,
            person=person,
            people=self.people,
            chance=self.chance,
            shelf=self.shelf,
            now_ms=self.clock.now_ms(),
            base_url=self.base_url,
            app_id=self.app.id,
            given=given,
        )

    async def settled(self) -> None:
        """Wait until every webhook that is due has been posted."""
        await self.notifier.settled()
