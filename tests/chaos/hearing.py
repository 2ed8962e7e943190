"""What the customer has heard of the messages that it sent."""

from collections import Counter

from tests.receivers import Receiver

OUTCOMES = ("message.sent", "message.send_failed", "message.send_unknown")


class Hearing:
    """Reads what a receiver has got, each delivery once."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._read = 0
        self._webhook_ids: set[str] = set()
        self.events: Counter[str] = Counter()
        """How many of each name; what came again is not counted again."""
        self.told: dict[str, set[str]] = {}
        """By our id of a message: the outcomes that were told."""

    def listen(self) -> dict[str, set[str]]:
        """What has been told up to now."""
        for one in self._receiver.deliveries[self._read :]:
            if one.webhook_id not in self._webhook_ids:
                self._webhook_ids.add(one.webhook_id)
                event = one.event
                self.events[event["event"]] += 1
                if event["event"] in OUTCOMES:
                    self.told.setdefault(event["outgoing"]["id"], set()).add(event["event"])
        self._read = len(self._receiver.deliveries)
        return self.told

    async def until_told(self, messages: list[str], seconds: float) -> None:
        """Wait until an outcome of every message has been told. Raises TimeoutError."""
        await self._receiver.until(lambda _: self.listen().keys() >= set(messages), seconds)
