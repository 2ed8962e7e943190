"""What statuses have told before anybody knew which message they were about.

A receipt can overtake both the answer and the echo of what it is about. Ranks are remembered by the
platform's id, watermarks with the conversation; both count once the message is known to be theirs.
"""

import sqlite3

from gateway.store.outgoing import Part, Progress
from gateway.store.progress import RANKS, foretold, passed_by
from gateway.store.sqlite.outbox_rows import Row
from gateway.store.sqlite.statuses import highest_rank, watermarks


class Foretold:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def fulfilled(self, row: Row, progress: Progress, at: int) -> Progress:
        """The message with all that is known of its parts."""
        marks = () if row.conversation is None else watermarks(self._execute, row.conversation)
        ranks = [max(self._rank(row.page, part, at), passed_by(part, marks)) for part in progress.parts]
        return foretold(row.message, progress, ranks, at)

    def _rank(self, page: int, part: Part, at: int) -> int:
        if part.message_id is None:
            return 0
        return min(highest_rank(self._execute, page, part.message_id, at), RANKS["read"])
