"""What deploy/ names is there: settings, commands, routes, files, services."""

import fnmatch
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.api.routes import HEALTH
from gateway.cli.commands import parser
from gateway.settings import PREFIX, load
from tests.deploy.test_deploy import DEPLOY, UNITS, services, unit
from tests.gateways import environment

ROOT = DEPLOY.parent
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
OURS = ("ingest", "deliver")
_SETTING = re.compile(rf"({PREFIX}\w+)=(\S+)")


def instructions(name: str) -> list[str]:
    """The arguments of an instruction of the Dockerfile, each time that it stands there."""
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


def commands() -> Iterator[list[str]]:
    """What starts the gateway, without the interpreter: in the image, the compose file and the units."""
    yield json.loads(instructions("CMD")[-1])
    for name in OURS:
        yield list(services()[name]["command"])
    for path in UNITS:
        _, _, after = unit(path)["ExecStart"].partition(" -m gateway ")
        yield shlex.split(after)


def settings() -> dict[str, str]:
    """All settings that deploy/ gives, wherever it does."""
    found = dict(_SETTING.findall(" ".join(instructions("ENV"))))
    for name in OURS:
        found |= services()[name]["environment"]
    for path in UNITS:
        given = _SETTING.findall(path.read_text(encoding="utf-8"))
        found |= {key: value.replace("%i", "8081") for key, value in given}
    return found


def test_every_setting_exists_and_can_be_read(tmp_path: Path) -> None:
    given = settings()
    assert {f"{PREFIX}STORE", f"{PREFIX}PORT", f"{PREFIX}HOST"} <= given.keys()
    load(environment(tmp_path) | given, tmp_path / "no-such.toml")


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_is_one_of_the_gateway(command: list[str]) -> None:
    assert callable(parser().parse_args(command).run)


def test_the_health_check_asks_a_route_that_every_role_has() -> None:
    (path,) = re.findall(r"http://127\.0\.0\.1:8080(/\w+)", DOCKERFILE)
    assert path in {operation.path for operation in HEALTH}
    assert instructions("EXPOSE") == ["8080"]


def test_everything_that_goes_into_the_image_is_there_and_not_kept_out() -> None:
    kept_in = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for copied in instructions("COPY"):
        *sources, _ = copied.split()
        for source in sources:
            assert (ROOT / source).exists()
            assert f"!{source.rstrip('/')}" in kept_in
    assert kept_in[0] == "*" and not fnmatch.filter(kept_in, "!*.env*")


def test_the_compose_file_names_only_what_there_is() -> None:
    whole: dict[str, dict[str, Any]] = services()
    for name, service in whole.items():
        for other, wait in service.get("depends_on", {}).items():
            # The gateway's own check is in its image.
            has_check = "healthcheck" in whole[other] or other in OURS
            assert wait["condition"] != "service_healthy" or has_check, name
        for mount in service.get("volumes", []):
            source, _, _ = mount.partition(":")
            assert not source.startswith(".") or (DEPLOY / source).exists()
        build = service.get("build")
        assert build is None or (DEPLOY / build["context"] / build["dockerfile"]).exists()


def test_what_stands_in_front_speaks_to_the_port_of_the_gateway() -> None:
    caddy, nginx = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("Caddyfile", "nginx.conf"))
    (service, port) = re.findall(r"dynamic a (\w+) (\d+)", caddy)[0]
    assert (service in services(), port) == (True, settings_of_image()[f"{PREFIX}PORT"])
    for path in ("webhooks/", "v1/", "docs", "openapi"):
        assert path in caddy and path in nginx


def settings_of_image() -> dict[str, str]:
    """What the image sets."""
    return dict(_SETTING.findall(" ".join(instructions("ENV"))))
