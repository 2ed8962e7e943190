"""What a list is filtered by, in SQL."""

from typing import Any

from gateway.store.records import PageRequest


class Conditions:
    """What a list is filtered by."""

    def __init__(self) -> None:
        self._texts = ["1"]
        self.values: list[Any] = []

    def add(self, text: str, *values: Any) -> None:
        """A condition, unless its value is None: then anything goes."""
        if values[0] is not None:
            self._texts.append(text)
            self.values.extend(values)

    def __str__(self) -> str:
        return " AND ".join(self._texts)


def direction(request: PageRequest) -> tuple[str, str]:
    """How keys compare with the cursor's, and how they are ordered."""
    return (">", "ASC") if request.ascending else ("<", "DESC")
