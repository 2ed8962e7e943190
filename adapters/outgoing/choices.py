"""A list to choose from."""

from typing import Annotated

from msgspec import Meta

from adapters.outgoing.form import Form, Name


class Row(Form, frozen=True, kw_only=True):
    """One choice."""

    id: Name
    """Comes back as `message.interactive.id`; at most 200 characters."""
    title: Name
    """At most 24 characters."""
    description: Name | None = None
    """At most 72 characters."""


class Section(Form, frozen=True, kw_only=True):
    """Rows under a heading."""

    rows: Annotated[tuple[Row, ...], Meta(min_length=1)]
    title: Name | None = None
    """At most 24 characters; every section needs one where there are several."""


class ListMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="list"):
    """A text with a button that opens a list of at most ten rows."""

    body: Name
    button: Name
    """What opens the list, at most 20 characters."""
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]
    header: Name | None = None
    footer: Name | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all sections, in their order."""
        return tuple(row for section in self.sections for row in section.rows)
