"""Which pages, and through them which people, a customer may see."""

from msgspec import Struct

from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.layout.pages import Pages

Page = tuple[str, str]
"""Platform and id."""


class Owned(Struct, frozen=True):
    """The connected pages, by their numbers as records name them."""

    customers: dict[str, str]
    pages: dict[str, Page]

    def of(self, pages: set[str]) -> set[str | None]:
        """Who owns these pages; None among them: a page that nobody owns."""
        return {self.customers.get(page) for page in pages}

    def own(self, customer_id: str) -> dict[str, Page]:
        """A customer's pages."""
        return {page: self.pages[page] for page, owner in self.customers.items() if owner == customer_id}


class Owners:
    """Read anew where the configuration is another one."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations
        self._version: bytes | None = None
        self._owned = Owned({}, {})

    async def read(self) -> Owned:
        """Whose each connected page is. Raises StoreUnavailable."""
        version = await self._configurations.cell("facts", "version")
        if version is None or version != self._version:
            named = await self._configurations.page_owners()
            numbers = Pages()
            pages = {str(numbers.page(*page)): page for page in named}
            owners = {number: named[page] for number, page in pages.items()}
            self._owned, self._version = Owned(owners, pages), version
        return self._owned
