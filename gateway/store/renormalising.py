"""The part of the store contract by which stored elements are decoded again."""

from typing import Protocol

from gateway.store.records import Page, PageRequest
from gateway.store.renormalisation import ElementPage, Renormalisation, RenormalisationPlan, Step


class Renormalising(Protocol):
    """Runs, the elements that they look at, and the steps that they make."""

    async def count_elements(self, plan: RenormalisationPlan) -> int:
        """How many elements the plan takes now."""
        ...

    async def elements(self, plan: RenormalisationPlan, position: str, limit: int) -> ElementPage:
        """The next elements of the plan behind `position`, oldest first; after the events the quarantine.

        What is superseded, and events that no element was kept of, are left out. A store may look at a
        part of the window only, and give fewer where they are large, and say `more`.
        """
        ...

    async def begin_renormalisation(self, renormalisation: Renormalisation) -> None:
        """Keep a run; its first step is due at once."""

    async def due_renormalisation(self, now: int) -> Renormalisation | None:
        """The running one whose step has been due the longest."""
        ...

    async def revise(self, step: Step) -> tuple[str, ...]:
        """Apply a step, if its run is still running and is where the step begins; else nothing happens.

        In one change: an event that is revised keeps its key, its sequence and whatever else the store
        gave it, and its deliveries to `routes` are due anew under the webhook-id of the new revision.
        An untried one simply takes the new body. One that is being tried is fenced: its outcome is logged
        and moves nothing, and the new attempt begins when its lease has ended. Additions are accepted.
        The next step is due when the rate allows it. A dry run only counts. Returns whom to wake.
        """
        ...

    async def cancel_renormalisation(
        self, customer_id: str | None, renormalisation_id: str, now: int
    ) -> Renormalisation | None:
        """End it after the step it is at, if it runs. None: no such run for this customer."""
        ...

    async def renormalisations(self, customer_id: str | None, page: PageRequest) -> Page[Renormalisation]: ...

    async def renormalisation(
        self, customer_id: str | None, renormalisation_id: str
    ) -> Renormalisation | None: ...
