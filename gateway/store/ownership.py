"""The part of the store contract by which an account changes hands; a store has it as `ownership`."""

from typing import Protocol


class Ownership(Protocol):
    """Accounts and whose they are."""

    async def move(self, account_id: str, customer_id: str, *, history: bool) -> bool:
        """Give the account, with its token, its contacts and its conversations, to another customer.

        `history`: the events and messages that it has had follow (`follow`), and its messages that are still
        on their way go out for the new owner; else they stay the former owner's. What was on its way to the
        former owner's endpoints arrives there in either case. False: there is no such account.
        """
        ...

    async def follow(self, limit: int) -> int:
        """Hand over some of what moved accounts have left behind, over so many events or messages at most.

        Returns how many; 0: nothing is left. Where it is, only the store knows: a restart changes nothing.
        """
        ...
