"""What a decision about an element is going to read, as far as the element alone tells."""

from adapters._identifiers import conversation_id
from adapters.event import Event
from adapters.sending import tag_of_part
from gateway.store.keys import message_key
from gateway.store.placement import may_have_conversation, opening_identity
from gateway.store.reconciliation import PREFIX
from gateway.store.records import Arrival
from gateway.store.redis.intake.acquaintances import Acquaintances
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.records.contact_row import identity_cell
from gateway.store.redis.records.conversations import conversation_cell, group_cell
from gateway.store.redis.records.memory import rank_cell
from gateway.store.redis.records.outgoing_record import outgoing_cell
from gateway.store.redis.records.outgoing_rows import part_cell
from gateway.store.redis.records.view import Cell
from gateway.store.reports import ECHO, STATUS

_PAGES = Pages()


def needs_of(arrival: Arrival, acquaintances: Acquaintances) -> list[Cell]:
    """Records to fetch in one go. Only a hint: a decision that lacks another one is made again."""
    decoded, event = arrival.decoded, arrival.decoded.event
    cells = _of_sent(event) if event.event in (STATUS, ECHO) else []
    if acquaintances.has(decoded):
        return cells  # whoever is known here has a conversation that is known too
    people = _of_people(arrival) if may_have_conversation(decoded) else []
    if people:
        opening = conversation_id(event.platform, event.page_id, *opening_identity(decoded), 0)
        cells += (*people, conversation_cell(opening))
    return cells


def _of_sent(event: Event) -> list[Cell]:
    """What is known of the messages that a status or an echo is about."""
    tag = event.message.metadata if event.event == ECHO and event.message is not None else None
    cells: list[Cell] = []
    if event.status is not None:
        page, tag = _PAGES.page(event.platform, event.page_id), event.status.tag
        for message_id in event.status.message_ids:
            cells += (rank_cell(message_key(page, message_id)), part_cell(page, message_id))
    identifier = "" if tag is None else tag_of_part(tag)[0]
    return [*cells, outgoing_cell(identifier)] if identifier.startswith(PREFIX) else cells


def _of_people(arrival: Arrival) -> list[Cell]:
    decoded, event = arrival.decoded, arrival.decoded.event
    cells: list[Cell] = []
    if decoded.person is not None:
        cells = [identity_cell(event.platform, identity) for identity in decoded.person.identities]
    if decoded.thread is not None:
        cells.append(group_cell(_PAGES.page(event.platform, event.page_id), decoded.thread))
    return cells
