"""Settings are read once, and refused in words that name the key and the remedy."""

import base64
from pathlib import Path

import pytest

from gateway.delivery import retention
from gateway.settings import SETTINGS, BadSetting, load

GOOD = {
    "GATEWAY_ADMIN_KEY": "an-admin-key-of-good-length",
    "GATEWAY_APP_SECRETS": "one-secret, other-secret",
    "GATEWAY_VERIFY_TOKEN": "verify-me",
    "GATEWAY_ENCRYPTION_KEY": base64.b64encode(bytes(32)).decode(),
}
OTHER_KEY = base64.b64encode(b"k" * 32).decode()
NO_FILE = Path("no-such-file.toml")


def test_four_keys_are_enough() -> None:
    settings = load(GOOD, NO_FILE)
    assert str(settings.store) == "sqlite:///gateway.db"
    assert settings.app_secrets == ("one-secret", "other-secret")
    assert settings.retry_schedule[:3] == (5, 30, 120)


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_each_required_key_is_asked_for_by_name(missing: str) -> None:
    with pytest.raises(BadSetting, match=f"{missing} is not set"):
        load({key: value for key, value in GOOD.items() if key != missing}, NO_FILE)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("GATEWAY_PROT", "8080", "GATEWAY_PROT is not a setting"),
        ("GATEWAY_PORT", "eighty", "GATEWAY_PORT is not a port number"),
        ("GATEWAY_PORT", "70000", "GATEWAY_PORT is not a port number"),
        ("GATEWAY_ADMIN_KEY", "short", "shorter than 20"),
        ("GATEWAY_ENCRYPTION_KEY", "AAAA", "not 32 bytes in base64"),
        ("GATEWAY_APP_SECRETS", " , ", "GATEWAY_APP_SECRETS is empty"),
        ("GATEWAY_ALLOW_NETWORKS", "10.0.0.1/8", "not a network"),
        ("GATEWAY_ALLOW_NETWORKS", "0.0.0.0/0", "lets every address through"),
        ("GATEWAY_ALLOW_NETWORKS", "::/0", "lets every address through"),
        ("GATEWAY_RETRY_SCHEDULE", "5,soon", "comma list of seconds"),
        ("GATEWAY_HTTPS_ONLY", "maybe", "neither true nor false"),
        ("GATEWAY_STORE", "postgres://x", "sqlite:///"),
        ("GATEWAY_STORE", "sqlite:///", "sqlite:///"),
        ("GATEWAY_RETENTION_DAYS", "0", "whole number of days"),
        ("GATEWAY_RETENTION_RAW_DAYS", "soon", "whole number of days"),
        ("GATEWAY_RETENTION_RAW_DAYS", "31", "GATEWAY_RETENTION_RAW_DAYS is longer than"),
        ("GATEWAY_RETENTION_ATTEMPTS_DAYS", "31", "Raise GATEWAY_RETENTION_DAYS, or lower this"),
        ("GATEWAY_MIN_FREE_DISK_MB", "lots", "whole number of MiB"),
        ("GATEWAY_ENCRYPTION_KEY", " , ", "GATEWAY_ENCRYPTION_KEY is empty"),
        ("GATEWAY_ENCRYPTION_KEY", f"{OTHER_KEY},AAAA", "not 32 bytes in base64"),
        ("GATEWAY_ENCRYPTION_KEY", f"{OTHER_KEY},{OTHER_KEY}", "the same key twice"),
        ("GATEWAY_LOG_LEVEL", "loud", "debug, info, warning, error"),
        ("GATEWAY_VERIFY_TOKEN", "one-secret", "Meta sends it in a URL"),
        ("GATEWAY_ADMIN_KEY", "other-secret-of-good-length", None),
        ("GATEWAY_PUBLIC_URL", "http://example.com", "TLS proxy"),
    ],
)
def test_a_bad_value_is_refused_with_its_remedy(key: str, value: str, says: str | None) -> None:
    if says is None:
        load(GOOD | {key: value}, NO_FILE)
        return
    with pytest.raises(BadSetting, match=says):
        load(GOOD | {key: value}, NO_FILE)


def test_raw_elements_and_attempts_are_kept_as_long_as_events_unless_told_otherwise() -> None:
    plain = retention(load(GOOD, NO_FILE))
    shorter = retention(load(GOOD | {"GATEWAY_RETENTION_RAW_DAYS": "2"}, NO_FILE))
    assert plain.raw_ms == plain.attempts_ms == plain.events_ms == 30 * 86_400_000
    assert (shorter.raw_ms, shorter.attempts_ms) == (2 * 86_400_000, plain.events_ms)


def test_encryption_keys_are_a_list_with_the_new_one_first() -> None:
    old = GOOD["GATEWAY_ENCRYPTION_KEY"]
    settings = load(GOOD | {"GATEWAY_ENCRYPTION_KEY": f"{OTHER_KEY}, {old}"}, NO_FILE)
    assert settings.encryption_key == (b"k" * 32, bytes(32))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text('port = 9000\nhost = "127.0.0.2"\nallow_networks = ["10.0.0.0/8", "fd00::/8"]\n')
    settings = load(GOOD | {"GATEWAY_PORT": "9001"}, file)
    assert (settings.host, settings.port, len(settings.allow_networks)) == ("127.0.0.2", 9001, 2)


def test_an_unknown_key_in_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text("prot = 9000\n")
    with pytest.raises(BadSetting, match=r"prot in .*gateway\.toml is not a setting"):
        load(GOOD, file)


def test_a_file_that_is_not_toml_says_so(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text("port: 9000\n")
    with pytest.raises(BadSetting, match="cannot be read"):
        load(GOOD, file)


def test_no_secret_shows_in_the_repr_or_in_a_refusal() -> None:
    settings = load(GOOD, NO_FILE)
    with pytest.raises(BadSetting) as refusal:
        load(GOOD | {"GATEWAY_ENCRYPTION_KEY": "c2VjcmV0IGJ1dCBzaG9ydA=="}, NO_FILE)
    for shown in (repr(settings), str(refusal.value)):
        assert not any(value in shown for value in [*GOOD.values(), "one-secret", "c2VjcmV0"])


def test_every_setting_has_a_field_and_a_sentence() -> None:
    settings = load(GOOD, NO_FILE)
    assert [setting.name for setting in SETTINGS] == list(settings.__struct_fields__)
    assert all(setting.help for setting in SETTINGS)


def test_the_password_of_the_egress_proxy_is_not_shown() -> None:
    good = load(GOOD | {"GATEWAY_EGRESS_PROXY": "http://us:hush@out:3128"}, NO_FILE)
    assert good.egress_proxy is not None and good.egress_proxy.password == "hush"
    assert "hush" not in repr(good)
    with pytest.raises(BadSetting, match="GATEWAY_EGRESS_PROXY is not http://host:port") as refusal:
        load(GOOD | {"GATEWAY_EGRESS_PROXY": "https://us:hush@out:3128"}, NO_FILE)
    assert "hush" not in str(refusal.value)


def test_a_store_on_redis_is_accepted_and_its_password_is_not_shown() -> None:
    settings = load(GOOD | {"GATEWAY_STORE": "rediss://me:hunter2@one/1"}, NO_FILE)
    assert "rediss://one:6379" in repr(settings)
    assert "hunter2" not in repr(settings)


def test_a_wrong_address_of_a_store_is_refused_without_quoting_it() -> None:
    with pytest.raises(BadSetting, match="GATEWAY_STORE has a host that cannot be read") as error:
        load(GOOD | {"GATEWAY_STORE": "redis://me:hunter2@one:x"}, NO_FILE)
    assert "hunter2" not in str(error.value)
