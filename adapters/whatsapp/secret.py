"""The one secret that Meta puts into a webhook: the SIP password in `account_settings_update`."""

from typing import Any

import msgspec

from adapters._wire import parse

_NAME = "sip_user_password"


def redacted(change: bytes) -> bytes:
    """The change without the password, so that neither the event nor the kept envelope has it.

    Only where there is one are the bytes not Meta's own. Raises as `parse` does.
    """
    if _NAME.encode() not in change:
        return change
    given = parse(change)
    cleaned = _without(given)
    return change if cleaned == given else msgspec.json.encode(cleaned)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(item) for key, item in value.items() if key != _NAME}
    if isinstance(value, list):
        return [_without(item) for item in value]
    return value
