"""The part of the store contract by which stored elements are decoded again, on the file."""

from gateway.store.records import Page, PageRequest
from gateway.store.renormalisation import ElementPage, Renormalisation, RenormalisationPlan, Step
from gateway.store.sqlite.contract.writing import Writing
from gateway.store.sqlite.runs.elements import count_elements, read_elements
from gateway.store.sqlite.runs.renormalisations import (
    list_renormalisations,
    read_due,
    read_renormalisation,
)


class RenormalisingPart(Writing):
    """The `Renormalising` contract; the store that it is a part of changes and reads."""

    async def count_elements(self, plan: RenormalisationPlan) -> int:
        return await self._readers.run(count_elements, plan)

    async def elements(self, plan: RenormalisationPlan, position: str, limit: int) -> ElementPage:
        return await self._readers.run(read_elements, plan, position, limit)

    async def begin_renormalisation(self, renormalisation: Renormalisation) -> None:
        await self._apart(self._changes.renormalisations.begin, renormalisation)

    async def due_renormalisation(self, now: int) -> Renormalisation | None:
        return await self._readers.run(read_due, now)

    async def revise(self, step: Step) -> tuple[str, ...]:
        return await self._apart(self._changes.renormalisations.revise, step)

    async def cancel_renormalisation(
        self, customer_id: str | None, renormalisation_id: str, now: int
    ) -> Renormalisation | None:
        return await self._apart(self._changes.renormalisations.cancel, customer_id, renormalisation_id, now)

    async def renormalisations(self, customer_id: str | None, page: PageRequest) -> Page[Renormalisation]:
        return await self._readers.run(list_renormalisations, customer_id, page)

    async def renormalisation(
        self, customer_id: str | None, renormalisation_id: str
    ) -> Renormalisation | None:
        return await self._readers.run(read_renormalisation, customer_id, renormalisation_id)
