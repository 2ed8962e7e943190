"""Messages: to be sent, and what became of them."""

from starlette.responses import Response

from adapters import ADAPTERS
from adapters.sending import Unsendable
from gateway.api.answers import answer
from gateway.api.message_forms import (
    AcceptedMessage,
    MessageQuery,
    NewMessage,
    OutgoingMessageState,
    show,
    warnings_of,
)
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, Query, check_window, shown
from gateway.api.problems import FieldProblem, Problem, ProblemKind, invalid, not_found
from gateway.identifiers import new_id
from gateway.send.composition import Unknown, Wish
from gateway.store.outgoing import Message, MessageFilter

_KINDS = {
    kind.value: kind
    for kind in (
        ProblemKind.ACCOUNT_MISMATCH,
        ProblemKind.OUTSIDE_WINDOW,
        ProblemKind.OPTED_OUT,
        ProblemKind.PERMISSION,
        ProblemKind.UNSUPPORTED,
        ProblemKind.POLICY,
    )
}


async def send_message(call: Call[NewMessage]) -> Response:
    """Send a message: it is kept durably, and goes out in the order of its conversation.

    What becomes of it comes as `message.sent`, `message.send_failed` or `message.send_unknown`, and can be
    asked for. What cannot go out at all is refused here, before anything is asked of the platform.
    """
    given, sending = call.given, call.sending
    if given.platform is not None and given.platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    message = await _composed(call)
    await sending.outbox.add(message)
    sending.wake(message.platform, message.page_id)
    accepted = AcceptedMessage(id=message.id, state="queued", warnings=warnings_of(message))
    return answer(accepted, 202)


async def _composed(call: Call[NewMessage]) -> Message:
    given = call.given
    fields = {name: getattr(given, name) for name in Wish.__struct_fields__}
    # The operator may say whose page it is; a customer's own is the only one there is.
    owner = call.customer_id if given.customer_id is None else call.owner(given.customer_id)
    try:
        return await call.sending.composer.compose(Wish(**fields), owner, new_id("msg"))
    except Unknown as error:
        raise not_found(error.what, error.identifier) from None
    except Unsendable as error:
        raise _problem(error) from None


def _problem(error: Unsendable) -> Problem:
    kind = _KINDS.get(error.code, ProblemKind.INVALID_REQUEST)
    errors = [FieldProblem(field=error.field, detail=error.detail)]
    return Problem(kind, f"{error.field}: {error.detail}", errors)


async def list_messages(call: Call[MessageQuery]) -> Response:
    """List messages that were sent, or are to be."""
    query = call.given
    check_window(query.since, query.until)
    which = MessageFilter(
        platform=query.platform,
        page_id=query.page_id,
        conversation_id=query.conversation_id,
        state=query.state,
        since=None if query.since is None else query.since * 1000,
        until=None if query.until is None else query.until * 1000,
    )
    page = await call.sending.outbox.messages(call.customer_id, which, query.page())
    return answer(shown(page, show))


async def get_message(call: Call[Query]) -> Response:
    """Show one message and how far it has come."""
    stored = await call.sending.outbox.message(call.customer_id, call.path["id"])
    if stored is None:
        raise not_found("message", call.path["id"])
    return answer(show(stored))


OPERATIONS = (
    Operation(
        "POST",
        "/v1/messages",
        send_message,
        {202: AcceptedMessage},
        access="send",
        body=NewMessage,
        problems=tuple(_KINDS.values()),
    ),
    Operation(
        "GET",
        "/v1/messages",
        list_messages,
        {200: Listing[OutgoingMessageState]},
        query=MessageQuery,
    ),
    Operation(
        "GET",
        "/v1/messages/{id}",
        get_message,
        {200: OutgoingMessageState},
    ),
)
