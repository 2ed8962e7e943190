"""Who wrote the comment that a private reply answers: nothing else ties a commenter to a PSID or IGSID."""

import msgspec

from adapters.base import Identity
from adapters.outgoing import Recipient
from gateway.store.base import Store
from gateway.store.records import Account, EventFilter, PageRequest

_KINDS = {"facebook": "fb_commenter", "instagram": "ig_commenter"}
_RECEIVED = "comment.received"
_LOOKED_AT = 20
"""Hundreds of the page's newest comments: a reply is allowed for seven days, and given within hours."""


class _Comment(msgspec.Struct):
    id: str | None = None


class _Received(msgspec.Struct):
    comment: _Comment
    author: str | None = msgspec.field(name="from", default=None)


_decoder = msgspec.json.Decoder(_Received)


async def commenter(store: Store, account: Account, to: Recipient) -> Identity | None:
    """None: it is no reply to a comment, or the comment is not among the newest. Raises StoreUnavailable."""
    kind = _KINDS.get(account.platform)
    if to.kind != "comment" or kind is None:
        return None
    which = EventFilter(event=_RECEIVED, platform=account.platform, page_id=account.page_id)
    cursor = None
    for _ in range(_LOOKED_AT):
        page = await store.events(account.customer_id, which, PageRequest(limit=100, cursor=cursor))
        for received in (_decoder.decode(one.body) for one in page.data):
            if received.comment.id == to.value:
                return None if received.author is None else Identity(kind, received.author, account.page_id)
        cursor = page.next_cursor
        if cursor is None:
            break
    return None
