"""The bases of all stored values."""

from msgspec import Struct


class Record(Struct, frozen=True, kw_only=True):
    """The base of every stored value."""


class SecretRecord(Record, frozen=True, kw_only=True):
    """A record with secrets in it: its repr shows the id and nothing else."""

    id: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r})"
