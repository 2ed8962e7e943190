"""The part of the store contract by which an account changes hands; a store has it as `ownership`."""

from typing import Protocol


class Ownership(Protocol):
    """Accounts and whose they are."""

    async def move(self, account_id: str, customer_id: str) -> bool:
        """Give the account, with its token and all that is known of it, to another customer.

        What was taken in before stays with the customer that it was taken in for.
        False: there is no such account.
        """
        ...
