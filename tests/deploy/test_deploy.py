"""What lies in deploy/ fits the gateway. Containers are not started here."""

import configparser
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.cli.server import DRAIN_SECONDS
from gateway.deliver.dispatcher import DRAIN_SECONDS as DELIVERY_SECONDS
from tests.patience import SOON

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
LONGEST_STOP = DRAIN_SECONDS + DELIVERY_SECONDS


def services() -> dict[str, Any]:
    """Of the compose file."""
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"])


def unit(path: Path) -> configparser.SectionProxy:
    """The service section of a unit; of an option that is given twice, the last."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(path, encoding="utf-8")
    return parser["Service"]


@pytest.mark.parametrize("role", ["ingest", "deliver"])
def test_each_role_runs_twice_and_may_drain(role: str) -> None:
    service = services()[role]
    assert service["command"] == ["serve", "--role", role]
    assert service["deploy"]["replicas"] == 2
    assert int(service["stop_grace_period"].removesuffix("s")) > LONGEST_STOP


def test_the_redis_of_the_compose_file_keeps_what_it_acknowledged() -> None:
    command = services()["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert (options["--appendonly"], options["--maxmemory-policy"]) == ("yes", "noeviction")


def test_the_image_is_not_run_as_root() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_gives_its_process_the_time_to_drain(path: Path) -> None:
    service = unit(path)
    assert int(service["TimeoutStopSec"]) > LONGEST_STOP
    assert service["ProtectSystem"] == "strict"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit(tmp_path: Path, path: Path) -> None:
    """The program that a unit starts is not installed here, so the copy starts another one."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    text = path.read_text(encoding="utf-8").replace("/opt/social-gateway/.venv/bin/python", "/bin/true")
    copy = tmp_path / path.name.replace("@", "@8081")
    copy.write_text(text, encoding="utf-8")
    checked = subprocess.run(
        [analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=SOON
    )
    complaints = [line for line in checked.stderr.splitlines() if path.stem.partition("@")[0] in line]
    assert not complaints
