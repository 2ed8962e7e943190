"""Where a person's data may be: what an erasure looks for. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from adapters.base import Identity
from gateway.contacts.naming import names
from gateway.contacts.reach import happened_within, is_within, scopes_of, sought
from gateway.contacts.resolution import GIVEN, PAGE_SCOPED
from gateway.store.erasure import Concerned, ErasurePlan
from gateway.store.redis.central.owners import Owned
from gateway.store.redis.layout.blobs import StoredBody
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.records.contact_row import ContactRow
from gateway.store.redis.records.outgoing_record import OutgoingRecord

_pages = Pages()


class Trace(Struct):
    """What one shard knew of a person. Pages are named by their numbers."""

    contact_ids: list[str] = []
    identities: list[Identity] = []
    conversations: dict[str, str] = {}
    """Id → page."""
    known: dict[str, list[str]] = {}
    """By the ids of contacts that are the person: the pages that know them."""

    @property
    def pages(self) -> set[str]:
        """Those that know the person."""
        return {page for pages in self.known.values() for page in pages}

    def add(self, row: ContactRow) -> None:
        """A contact that is the person."""
        self.contact_ids += [row.id, *(row.rare.aliases if row.rare else ())]
        self.identities += [Identity(*one[:3]) for one in row.identities]
        self.conversations |= {one: page for page, one in row.conversations.items()}
        self.known[row.id] = [*self.known.get(row.id, ()), *row.pages]


class Trail(Struct, frozen=True, kw_only=True):
    """All that is known of whom to erase. It goes before the last step."""

    plan: ErasurePlan
    values: tuple[str, ...]
    """Ids that name the person …"""
    scopes: tuple[str, ...]
    """… on these pages and in these WhatsApp accounts."""
    conversation_ids: tuple[str, ...]
    pages: tuple[str, ...] | None
    """Outside of which there is nothing to look for; None: it may be on all pages of the platform."""
    concerned: tuple[Concerned, ...]

    def may_hold(self, platform: str, page_id: str) -> bool:
        """Whether an event of this page can be about the person."""
        if platform != self.plan.platform:
            return False
        return self.pages is None or str(_pages.page(platform, page_id)) in self.pages

    def leads_to(self, conversation_id: str, content: StoredBody) -> bool:
        """Whether an event of such a page is the person's, or names the person."""
        if conversation_id in self.conversation_ids:
            return True
        named = names(content.body, self.values) or names(content.envelope, self.values)
        return named and happened_within(self.scopes, content.body)

    def is_within(self, record: OutgoingRecord) -> bool:
        """Whether a message on its way out is in a conversation of the person."""
        return record.conversation_id in self.conversation_ids

    def goes_to(self, record: OutgoingRecord) -> bool:
        """Whether it is in one, or goes to the person anyway."""
        message = record.message
        theirs = message.to.value in self.values and self.may_hold(message.platform, message.page_id)
        return self.is_within(record) or (
            theirs and is_within(self.scopes, message.platform, message.page_id, message.waba_id)
        )


def merged(traces: Iterable[Trace]) -> Trace:
    """What all shards know together."""
    found = Trace()
    for one in traces:
        found.contact_ids += one.contact_ids
        found.identities += one.identities
        found.conversations |= one.conversations
        for contact_id, pages in one.known.items():
            found.known[contact_id] = [*found.known.get(contact_id, ()), *pages]
    return found


def goes_whole(plan: ErasurePlan, known: Trace, owned: Owned) -> bool:
    """Whether nothing of the person is kept for another customer."""
    return plan.customer_id is None or not owned.of(known.pages) - {plan.customer_id, None}


def own_pages(plan: ErasurePlan, owned: Owned) -> set[str]:
    """Where a customer erases its own side."""
    return set() if plan.customer_id is None else set(owned.own(plan.customer_id))


def lay(plan: ErasurePlan, known: Trace, owned: Owned) -> Trail:
    """What to look for, once it is noted what was known."""
    identities = [*known.identities, *plan.identities]
    pages, conversations = _pages_of(plan.platform, identities), known.conversations
    if pages is not None:
        pages |= set(conversations.values())
    if plan.customer_id is not None:
        own = own_pages(plan, owned)
        pages = own if pages is None else pages & own
        conversations = {one: page for one, page in conversations.items() if page in own}
    return Trail(
        plan=plan,
        values=sought(identities, known.contact_ids),
        scopes=scopes_of(identities),
        conversation_ids=tuple(sorted(conversations)),
        pages=None if pages is None else tuple(sorted(pages)),
        concerned=tuple(_concerned(plan, known, owned)),
    )


def _concerned(plan: ErasurePlan, known: Trace, owned: Owned) -> Iterable[Concerned]:
    for contact_id, pages in known.known.items():
        customers = owned.of(set(pages)) if plan.customer_id is None else {plan.customer_id}
        for one in customers - {None}:
            yield Concerned(customer_id=str(one), contact_id=contact_id)


def _pages_of(platform: str, identities: Sequence[Identity]) -> set[str] | None:
    """The pages on which these ids may mean this person: a PSID of another page is somebody else."""
    if any(one.kind not in PAGE_SCOPED and one.kind not in GIVEN for one in identities):
        return None
    return {str(_pages.page(platform, one.scope)) for one in identities if one.kind in PAGE_SCOPED}
