"""An event that gets another content: what every store makes of it."""

from adapters.event import Placement, place
from gateway.store.keys import message_key
from gateway.store.placement import new_message_id
from gateway.store.renormalisation import Revision
from gateway.store.standing import Standing


def revised_body(revision: Revision, standing: Standing | None) -> bytes:
    """The complete bytes. `standing`: of an event that had no conversation until now."""
    return place(revision.body, _placement(revision.revision + 1, standing))


def message_of(revision: Revision, page: int) -> int | None:
    """The message that the event brings, as is known only now."""
    message_id = new_message_id(revision.decoded.event)
    return None if message_id is None else message_key(page, message_id)


def _placement(number: int, standing: Standing | None) -> Placement:
    if standing is None:
        return Placement(revision=number)
    conversation = standing.conversation
    return Placement(
        conversation_id=None if conversation is None else conversation.id,
        contact=standing.contact,
        revision=number,
    )
