"""What was used last, so that an active conversation costs no reads."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Between `limit` and twice as many values, in two generations.

    What is used moves to the young one; when that is full it becomes the old one, and what nobody
    used meanwhile is gone. Keeping an exact order would cost a second hashing of the key at each use.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """The value, if it was used not long ago."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value."""
        if len(self._young) >= self._limit:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def drop(self, key: Key) -> None:
        """Keep this one no longer."""
        self._young.pop(key, None)
        self._old.pop(key, None)

    def clear(self) -> None:
        """Keep nothing: the store may say something else now."""
        self._young = {}
        self._old = {}
