"""Settings: read once, from `gateway.toml` and the environment (which wins); refused if unknown or unsafe.

This is the only module that looks at the environment. Every key is `GATEWAY_<NAME>` there and
`<name>` in the file; the README's table is generated from `SETTINGS`.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from gateway import setting_values as values
from gateway.deliver.proxy import Proxy
from gateway.setting_values import Network as Network
from gateway.store.address import StoreAddress

PREFIX = "GATEWAY_"
FILE = "gateway.toml"


class BadSetting(Exception):
    """A setting that the gateway will not start with; the text names the key and the remedy."""


class Settings(Struct, frozen=True, kw_only=True):
    """All settings, parsed. repr shows no secret."""

    store: StoreAddress
    host: str
    port: int
    public_url: str | None
    admin_key: str
    app_secrets: tuple[str, ...]
    verify_token: str
    encryption_key: tuple[bytes, ...]
    graph_url: str
    graph_version: str
    allow_networks: tuple[Network, ...]
    https_only: bool
    auto_connect: bool
    retention_days: int
    retention_raw_days: int | None
    retention_attempts_days: int | None
    min_free_disk_mb: int
    retry_schedule: tuple[int, ...]
    operator_url: str | None
    egress_proxy: Proxy | None
    log_level: str

    def __repr__(self) -> str:
        return f"Settings(store={str(self.store)!r}, host={self.host!r}, port={self.port})"


class Setting(Struct, frozen=True):
    """One key: how its text becomes a value, what it is when absent, and what it is for."""

    name: str
    parse: Callable[[str], Any]
    default: str | None
    """As one would write it; None where there is no default."""
    help: str
    required: bool = False


SETTINGS = (
    Setting(
        "store", values.store, "sqlite:///gateway.db", "where everything is kept: a SQLite file, or Redis"
    ),
    Setting("host", values.text, "127.0.0.1", "the address to listen on"),
    Setting("port", values.port, "8080", "the port to listen on; 0 takes any free one"),
    Setting(
        "public_url", values.optional_url, "", "how Meta reaches this server, for the callback URLs it prints"
    ),
    Setting("admin_key", values.admin_key, None, "the operator's bearer key, 20 characters or more", True),
    Setting(
        "app_secrets",
        values.texts,
        None,
        "the Meta app secrets, comma separated; two during a rotation",
        True,
    ),
    Setting(
        "verify_token", values.text, None, "what you type into Meta's webhook form as verify token", True
    ),
    Setting(
        "encryption_key",
        values.encryption_keys,
        None,
        "32 bytes in base64: seals secrets at rest; `new,old` during a rotation",
        True,
    ),
    Setting(
        "graph_url", values.http_url, "https://graph.facebook.com", "Meta's Graph API, or a simulator of it"
    ),
    Setting("graph_version", values.text, "v25.0", "the Graph API version to speak"),
    Setting(
        "allow_networks", values.networks, "", "private networks (CIDR, comma list) that endpoints may be in"
    ),
    Setting("https_only", values.flag, "false", "refuse endpoints that are not https"),
    Setting("auto_connect", values.flag, "true", "connect new pages by themselves while one customer exists"),
    Setting(
        "retention_days", values.days, "30", "how long events are kept; ids are remembered for 8 days anyway"
    ),
    Setting(
        "retention_raw_days",
        values.optional_days,
        "",
        "how long the platform's own bytes are kept, if not as long as events",
    ),
    Setting(
        "retention_attempts_days",
        values.optional_days,
        "",
        "how long attempts are kept, if not as long as events",
    ),
    Setting(
        "min_free_disk_mb",
        values.megabytes,
        "256",
        "with less free space (MiB) nothing new is taken in: Meta gets 503 and sends again; 0: no limit",
    ),
    Setting(
        "retry_schedule",
        values.seconds,
        "5,30,120,600,1800,7200,18000,36000,50400,72000",
        "seconds to wait after each failed attempt",
    ),
    Setting("operator_url", values.optional_url, "", "where operational events go too"),
    Setting(
        "egress_proxy",
        values.optional_proxy,
        "",
        "`http://[user:password@]host:port`: deliveries go through tunnels of this proxy",
    ),
    Setting("log_level", values.level, "info", "debug, info, warning or error"),
)


def load(
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of this process; `defaults` (by lower-case name) yield to everything else.

    Raises BadSetting for an unknown key, a value that does not parse, a required key that is missing,
    or a combination that is not safe.
    """
    given = dict(defaults or {})
    given |= _from_file(Path(FILE) if file is None else file)
    given |= _from_environment(os.environ if environment is None else environment)
    settings = Settings(**{setting.name: _value(setting, given) for setting in SETTINGS})
    _check_together(settings)
    return settings


def _from_file(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} cannot be read: {error}. Mend the line or remove the file.") from error
    return {_known(name, f"{name} in {file}"): _as_text(value) for name, value in content.items()}


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_as_text(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        _known(key.removeprefix(PREFIX).lower(), key): value
        for key, value in environment.items()
        if key.startswith(PREFIX)
    }


def _known(name: str, shown: str) -> str:
    names = [setting.name for setting in SETTINGS]
    if name not in names:
        allowed = ", ".join(PREFIX + known.upper() for known in names)
        raise BadSetting(f"{shown} is not a setting. Remove it, or use one of: {allowed}.")
    return name


def _value(setting: Setting, given: Mapping[str, str]) -> Any:
    key = PREFIX + setting.name.upper()
    value = given.get(setting.name) or setting.default
    if value is None:
        raise BadSetting(
            f"{key} is not set. It is {setting.help}. `python -m gateway keys new` prints fresh "
            "secrets, and `python -m gateway dev` runs without any setting."
        )
    try:
        parsed = setting.parse(value)
    except ValueError as error:
        raise BadSetting(f"{key} {error}.") from None
    if setting.required and not parsed:
        raise BadSetting(f"{key} is empty. It is {setting.help}.")
    return parsed


def _check_together(settings: Settings) -> None:
    if settings.verify_token in (*settings.app_secrets, settings.admin_key):
        raise BadSetting(
            "GATEWAY_VERIFY_TOKEN equals a secret, and Meta sends it in a URL. Choose another token."
        )
    if settings.admin_key in settings.app_secrets:
        raise BadSetting("GATEWAY_ADMIN_KEY equals an app secret. Choose another key.")
    for key, days in (("RAW", settings.retention_raw_days), ("ATTEMPTS", settings.retention_attempts_days)):
        if days is not None and days > settings.retention_days:
            raise BadSetting(
                f"GATEWAY_RETENTION_{key}_DAYS is longer than GATEWAY_RETENTION_DAYS, and nothing outlives "
                "its event. Raise GATEWAY_RETENTION_DAYS, or lower this."
            )
    url = urlsplit(settings.public_url or "https://")
    if url.scheme == "http" and url.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise BadSetting("GATEWAY_PUBLIC_URL is http. Meta calls https only: put a TLS proxy in front.")
