"""What statuses have told before anybody knew which message they were about.

A receipt can overtake both the answer and the echo of what it is about. Ranks are remembered by the
platform's id, watermarks with the conversation; both count once the message is known to be theirs.
"""

from gateway.store.outgoing import Part, Progress
from gateway.store.outgoing_rows import Row, Rows
from gateway.store.progress import RANKS, foretold, passed_by


class Foretold:
    """Used inside of one change of the store."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def fulfilled(self, row: Row, progress: Progress, at: int) -> Progress:
        """The message with all that is known of its parts."""
        marks = self._rows.watermarks(row)
        ranks = [max(self._rank(row.page, part, at), passed_by(part, marks)) for part in progress.parts]
        return foretold(row.message, progress, ranks, at)

    def _rank(self, page: int, part: Part, at: int) -> int:
        if part.message_id is None:
            return 0
        return min(self._rows.highest_rank(page, part.message_id, at), RANKS["read"])
