"""What the writer looks up at every event: the keys of pages, customers and endpoints."""

import sqlite3

from msgspec import Struct

from gateway.store.base import LEASE_MARGIN_MS
from gateway.store.sealing import opened_part

NOBODY = 0
"""The customer of an event whose page nobody has connected."""
NATIVE = "native"
"""The usual format, which a delivery's row leaves out."""
_NEW_PAGE = "INSERT INTO pages (platform, page_id) VALUES (?, ?)"
_CUSTOMER = "SELECT key FROM customers WHERE id = ?"
_ENDPOINT = """
    SELECT e.key, e.id, e.customer, c.id, e.record FROM endpoints e JOIN customers c ON c.key = e.customer
    WHERE e.id = ? AND e.record IS NOT NULL
"""


class EndpointKey(Struct, frozen=True, kw_only=True):
    """What storing a delivery needs to know of its endpoint."""

    key: int
    id: str
    customer: int
    customer_id: str
    ordered: bool
    lease_ms: int
    pulls: bool
    """It has no deliveries."""
    format: str | None
    """None: the usual one."""
    include_raw: bool


class Registry:
    """Each is read when first needed, and anew after `forget`.

    One by one: a change of one endpoint must not make the writer read ten thousand others.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.forget()

    def forget(self) -> None:
        """Read everything again at the next question."""
        self._pages: dict[tuple[str, str], int] = {}
        self._customers: dict[str, int] = {}
        self._endpoints: dict[str, EndpointKey] = {}

    def page(self, platform: str, page_id: str) -> int:
        """The key of a page; new ones get one."""
        key = self._pages.get((platform, page_id))
        if key is None:
            key = self._pages[platform, page_id] = self._find_or_make_page(platform, page_id)
        return key

    def customer(self, customer_id: str) -> int | None:
        """The key of a customer."""
        key = self._customers.get(customer_id)
        if key is None:
            row = self._connection.execute(_CUSTOMER, (customer_id,)).fetchone()
            if row is None:
                return None
            key = self._customers[customer_id] = int(row[0])
        return key

    def endpoint(self, endpoint_id: str) -> EndpointKey | None:
        """An endpoint that has not been deleted."""
        endpoint = self._endpoints.get(endpoint_id)
        if endpoint is None:
            row = self._connection.execute(_ENDPOINT, (endpoint_id,)).fetchone()
            if row is None:
                return None
            endpoint = self._endpoints[endpoint_id] = _endpoint_key(*row)
        return endpoint

    def _find_or_make_page(self, platform: str, page_id: str) -> int:
        query = "SELECT key FROM pages WHERE platform = ? AND page_id = ?"
        row = self._connection.execute(query, (platform, page_id)).fetchone()
        if row is None:
            return int(self._connection.execute(_NEW_PAGE, (platform, page_id)).lastrowid or 0)
        return int(row[0])


def _endpoint_key(key: int, identifier: str, customer: int, customer_id: str, record: bytes) -> EndpointKey:
    fields = opened_part(record)
    return EndpointKey(
        key=key,
        id=identifier,
        customer=customer,
        customer_id=customer_id,
        ordered=fields["ordering"] == "conversation",
        lease_ms=fields["timeout_ms"] + LEASE_MARGIN_MS,
        pulls=fields["type"] == "pull",
        format=None if fields["format"] == NATIVE else fields["format"],
        include_raw=fields["include_raw"],
    )
