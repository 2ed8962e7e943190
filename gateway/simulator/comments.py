"""Comments on posts: a business may answer each once in private, which tells it the commenter's id."""

from msgspec import Struct


class Comment(Struct, kw_only=True):
    """One comment."""

    id: str
    asset: str
    person: str
    at_ms: int
    answered: bool = False
