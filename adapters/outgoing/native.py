"""The way past our own shapes, for what a platform can do and they cannot say."""

from typing import Any

from adapters.outgoing.form import Form


class NativeMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="native"):
    """The platform's own JSON, sent as it is; recipient and tag are added."""

    content: dict[str, Any]
    """Messenger and Instagram: the members beside `recipient`. WhatsApp: `type` and the member it names."""
