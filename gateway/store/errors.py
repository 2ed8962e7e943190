"""What a store raises.

StoreUnavailable            503, or later again
  StoreInUse                another process owns it
  WrongEncryptionKey        its secrets are sealed under another key
  StoreLost                 what was in it is gone
  IntakeStopped             no room for anything new
InvalidCursor, Conflict     the caller's mistake
RawExpired, ContentRemoved  kept no more
"""

from gateway.vault import WrongKey


class StoreUnavailable(Exception):
    """The store cannot take or give data now; the caller answers 503 or tries again later."""


class StoreLost(StoreUnavailable):
    """What the process knows of is not there any more: nothing may be written beside it."""


class IntakeStopped(StoreUnavailable):
    """There is no room for anything new, or the disk fails; what is stored goes on being delivered.

    The store has logged it, once, and takes events in again by itself: `health` looks whether it can.
    """


class StoreInUse(StoreUnavailable):
    """Another process owns the store; the text says what to do."""


class WrongEncryptionKey(StoreUnavailable, WrongKey):
    """The secrets in the store were sealed under another `GATEWAY_ENCRYPTION_KEY`."""


class InvalidCursor(Exception):
    """The cursor was not made by this list."""


class Conflict(Exception):
    """The change contradicts what is stored (a page that another customer owns, a taken id)."""


class RawExpired(Exception):
    """The event is kept, the platform's own bytes of it are not, or not any more."""


class ContentRemoved(Exception):
    """The event is listed, but nothing is left of it that could be delivered."""
