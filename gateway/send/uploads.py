"""Files that a page has uploaded: no other can send them. Checked as far as it is known."""

from collections.abc import Iterator
from typing import Any

from adapters.sending import Unsendable
from gateway.directory import Directory
from gateway.store.outbox import Outbox
from gateway.store.records import Account


async def check_uploads(
    content: dict[str, Any], account: Account, directory: Directory, outbox: Outbox, now: int
) -> None:
    """Refuse what another account of the same customer has uploaded.

    What nobody is known to have uploaded passes, and so does what another customer has: to say more would
    tell of another's files, and the platform refuses them by itself. Raises Unsendable, StoreUnavailable.
    """
    for field, media_id in _media(content, "message"):
        page_id = await outbox.uploader(account.platform, media_id, now)
        if page_id is None or page_id == account.page_id:
            continue
        owner = directory.account(account.platform, page_id)
        if owner is not None and owner.customer_id == account.customer_id:
            detail = f"is an upload of {page_id}, and only that one can send it: upload it for this one too"
            raise Unsendable("account_mismatch", field, detail)


def _media(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Every `media_id` in a message, wherever it stands, and where that is."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "media_id" and isinstance(part, str):
                yield f"{field}.{name}", part
            else:
                yield from _media(part, f"{field}.{name}")
    elif isinstance(value, (list, tuple)):
        for place, part in enumerate(value):
            yield from _media(part, f"{field}[{place}]")
