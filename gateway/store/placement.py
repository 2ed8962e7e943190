"""Where an event belongs: which have a conversation, a number in it, a reply window. Pure.

Every store decides with these functions, so the same event gets the same keys in all of them.
"""

from adapters import ADAPTERS
from adapters.base import Decoded
from adapters.event import Event, Window
from adapters.window import deadlines
from gateway.store.records import Arrival
from gateway.store.standing import Role

STARTS_CONVERSATION = frozenset(
    {"message.received", "message.echo", "message.sent", "postback.received", "referral.received"}
)
SAMPLE = "test"
"""What a sample of any event is listed as: it is nobody's but the endpoint's that is tried with it."""
_WITHOUT_CONVERSATION = ("account.", "comment.", "feed.", "lead.", "mention.", "review.", "template.")
_IMPORTED = "history.imported"
_STATUS = "status.update"
_MESSAGES = frozenset({"message.received", "message.echo", "message.sent", _IMPORTED})
_CHANGES_OF_MESSAGES = frozenset({"message.edited", "message.deleted"})
_ABOUT_MESSAGES = _CHANGES_OF_MESSAGES | {"reaction.added", "reaction.removed"}
_TOLD = frozenset({_IMPORTED, "message.hinted", "contact.identity_changed"})
"""What the platform tells of people, and not they themselves, whatever direction it has."""


def may_have_conversation(decoded: Decoded) -> bool:
    """Whether it may have one: public and account events do not, Meta's dashboard tests make none."""
    return not decoded.event.test and not decoded.event.event.startswith(_WITHOUT_CONVERSATION)


def opening_identity(decoded: Decoded) -> tuple[str, str]:
    """Kind and value that a new conversation's id is made of: the group's, or the person's most stable."""
    if decoded.thread is not None:
        return "group", decoded.thread
    first = (decoded.person.identities if decoded.person is not None else ())[0]
    return first.kind, first.value


def is_numbered(name: str) -> bool:
    """Whether such an event takes the next `sequence`: imported history happened before and takes none."""
    return name != _IMPORTED


def waits_for_message(decoded: Decoded) -> bool:
    """Whether it is held while its message is unknown: an edit or a deletion by the contact."""
    event = decoded.event
    return decoded.target is not None and event.event in _CHANGES_OF_MESSAGES and event.direction == "inbound"


def role_of(arrival: Arrival) -> Role:
    """What its person has to do with it."""
    event = arrival.decoded.event
    if event.event == _STATUS:
        return "addressed"
    if arrival.past or event.direction != "inbound" or event.event in _TOLD:
        return "named"
    return "acting" if event.event in _ABOUT_MESSAGES else "speaking"


def names_target(decoded: Decoded) -> bool:
    """Whether it says of its target message if the gateway has seen it."""
    return decoded.target is not None and decoded.event.event in _ABOUT_MESSAGES


def new_message_id(event: Event) -> str | None:
    """The id of the message that this event makes known, if it does."""
    return event.message.id if event.message is not None and event.event in _MESSAGES else None


def window(event: Event, last_inbound_at: int | None) -> Window | None:
    """The reply window that an inbound event shows; None without an act of the person on record."""
    if last_inbound_at is None or event.direction != "inbound":
        return None
    free_form_until, human_agent_until = deadlines(ADAPTERS[event.platform].WINDOW, last_inbound_at // 1000)
    return Window(free_form_until=free_form_until, human_agent_until=human_agent_until)
