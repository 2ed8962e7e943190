"""The `gateway` command as a whole."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.cli.commands import main
from tests.gateways import environment
from tests.patience import SOON
from tests.servers import ROOT, free_port


def gateway(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=2 * SOON,
        check=False,
    )


COMMANDS = (
    "serve",
    "dev",
    "listen",
    "simulate",
    "normalize",
    "replay",
    "renormalise",
    "keys",
    "openapi",
    "bench",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert "usage: gateway " + command in capsys.readouterr().out


def test_an_unknown_command_is_misuse() -> None:
    with pytest.raises(SystemExit) as end:
        main(["fly"])
    assert end.value.code == 2


def test_serve_refuses_to_start_without_its_secrets(tmp_path: Path) -> None:
    run = gateway("serve", GATEWAY_STORE=f"sqlite:///{tmp_path}/gateway.db")
    assert run.returncode == 2
    assert "GATEWAY_ADMIN_KEY is not set" in run.stderr
    assert "Traceback" not in run.stderr


def test_serve_refuses_a_role_that_needs_a_shared_store(tmp_path: Path) -> None:
    run = gateway("serve", "--role", "ingest", **environment(tmp_path))
    assert run.returncode == 2
    assert "--role ingest needs a store that several processes share" in run.stderr


def test_keys_new_prints_settings_that_serve_accepts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new"]) == 0
    values = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert set(values) == {"GATEWAY_ADMIN_KEY", "GATEWAY_VERIFY_TOKEN", "GATEWAY_ENCRYPTION_KEY"}
    assert len(base64.b64decode(values["GATEWAY_ENCRYPTION_KEY"])) == 32


def test_keys_can_be_made_listed_and_revoked_without_a_running_server(tmp_path: Path) -> None:
    variables = environment(tmp_path, port=str(free_port()))
    made = gateway("keys", "create", "--name", "laptop", **variables)
    listed = gateway("keys", "list", **variables)
    assert made.returncode == 0, made.stderr
    key = made.stdout.split('"key": "')[1].split('"')[0]
    key_id = made.stdout.split('"id": "')[1].split('"')[0]
    assert key not in listed.stdout
    assert key_id in listed.stdout
    assert gateway("keys", "revoke", key_id, **variables).returncode == 0


def test_openapi_needs_no_settings_and_prints_the_document() -> None:
    run = gateway("openapi")
    assert run.returncode == 0
    assert run.stdout == (ROOT / "openapi.yaml").read_text(encoding="utf-8")
