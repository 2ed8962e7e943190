"""Numbers that stand for pages in the names of records."""

import hashlib
from functools import lru_cache


class Pages:
    """The same number for the same page, in every process and without asking anybody."""

    def page(self, platform: str, page_id: str) -> int:
        """63 bits of a hash."""
        return _number(platform, page_id)


@lru_cache(maxsize=100_000)
def _number(platform: str, page_id: str) -> int:
    digest = hashlib.blake2b(f"{platform}:{page_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
