"""Another store's content on its way into this file, from the side that runs beside the writer."""

from gateway.store.sqlite.contract.parts import Apart
from gateway.store.sqlite.restore.restorer import Restorer
from gateway.store.transfer.contract import Progress, Stretch


class Restoring:
    """The file that is entered. The store on it is closed and opened anew before anything else is done."""

    def __init__(self, apart: Apart, restorer: Restorer) -> None:
        self._apart = apart
        self._restorer = restorer

    async def begin(self, source: str) -> Progress:
        """How far it has come before. Raises Conflict for a file with other content."""
        progress: Progress = await self._apart(self._restorer.begin, source)
        return progress

    async def restore(self, stretch: Stretch, progress: Progress) -> None:
        """Take in some records and remember that."""
        await self._apart(self._restorer.restore, stretch, progress)

    async def keep(self, progress: Progress) -> None:
        """Remember how far it has come."""
        await self._apart(self._restorer.keep, progress)
