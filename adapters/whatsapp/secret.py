"""The one secret that Meta puts into a webhook: the SIP password in `account_settings_update`."""

from typing import Any

import msgspec

from adapters._wire import parse

_NAME = "sip_user_password"


def redacted(change: bytes) -> bytes:
    """The change without the password, so that neither event nor stored envelope has it.

    Only where there is one are the bytes not Meta's own. Raises as `wire.parse` does.
    """
    return msgspec.json.encode(_without(parse(change))) if _NAME.encode() in change else change


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(item) for key, item in value.items() if key != _NAME}
    if isinstance(value, list):
        return [_without(item) for item in value]
    return value
