"""An installed copy has everything with it: documents, samples, SQL, pages and the benchmark."""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.api.docs import PAGE
from tests.conftest import REPOSITORY
from tests.patience import SOON

SAMPLE = "adapters/facebook/samples/message__text.json"


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; fails the test if it fails."""
    ended = subprocess.run(
        command, cwd=cwd, env={}, capture_output=True, text=True, timeout=4 * SOON, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=REPOSITORY)
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    (packages,) = (folder / "venv").glob("lib/python*/site-packages")
    dependencies = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "dependencies.pth").write_text("\n".join(dependencies) + "\n")
    pip = (sys.executable, "-m", "pip", "--python", folder / "venv" / "bin" / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", wheel, cwd=folder)
    return folder / "venv"


def test_every_command_is_there(installed: Path) -> None:
    shown = run(installed / "bin" / "gateway", "--help", cwd=installed)
    assert all(command in shown for command in ("serve", "dev", "normalize", "openapi", "bench"))


def test_it_normalizes_its_own_samples(installed: Path) -> None:
    (sample,) = installed.glob(f"lib/python*/site-packages/{SAMPLE}")
    events = run(installed / "bin" / "gateway", "normalize", sample, cwd=installed)
    assert events == run(sys.executable, "-m", "gateway", "normalize", SAMPLE, cwd=REPOSITORY)
    assert '"event":"message.received"' in events


def test_it_prints_the_reference_and_has_the_pages_the_sql_the_lua_and_the_dictionary(
    installed: Path,
) -> None:
    document = run(installed / "bin" / "gateway", "openapi", cwd=installed)
    assert document == (REPOSITORY / "openapi.yaml").read_text(encoding="utf-8")
    (package,) = installed.glob("lib/python*/site-packages/gateway")
    for path in (
        PAGE,
        *(REPOSITORY / "gateway").glob("**/*.sql"),
        *(REPOSITORY / "gateway").glob("**/*.lua"),
        REPOSITORY / "gateway" / "store" / "redis" / "layout" / "dictionary.txt",
    ):
        assert (package / path.relative_to(REPOSITORY / "gateway")).read_bytes() == path.read_bytes()


def test_it_measures_itself(installed: Path) -> None:
    shown = run(installed / "bin" / "gateway", "bench", "--quick", "--only", "decode", cwd=installed)
    assert "json.loads" in shown
