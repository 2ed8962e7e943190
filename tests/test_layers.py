"""Who may import what: the architecture, kept true."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = ("facebook", "instagram", "whatsapp")
HOMES = {
    "starlette": (
        "gateway/inbound/",
        "gateway/api/",
        "gateway/cli/receiver.py",
        "gateway/app.py",
        "gateway/simulator/",
    ),
    "uvicorn": ("gateway/cli/", "gateway/simulator/serving.py"),
    "uvloop": ("gateway/cli/",),
    "httpx": (
        "gateway/cli/",
        "gateway/graph.py",
        "gateway/downloads.py",
        "gateway/vetted.py",
        "gateway/simulator/notifier.py",
    ),
    "httpcore": ("gateway/vetted.py",),
    "pycurl": ("gateway/deliver/",),
    "certifi": ("gateway/deliver/",),
    "cryptography": ("gateway/vault.py", "gateway/deliver/"),
    "redis": ("gateway/store/redis/",),
    "msgspec": ("adapters/", "gateway/"),
    "bench": ("gateway/cli/bench.py",),
    "yaml": (),
}
SOURCES = sorted([*ROOT.glob("adapters/**/*.py"), *ROOT.glob("gateway/**/*.py")])


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_file_imports_only_what_its_place_allows(path: Path) -> None:
    name = _name(path)
    for module in _imports(path):
        top = module.partition(".")[0]
        if name.startswith("adapters/"):
            assert top in ("adapters", "msgspec", *sys.stdlib_module_names), f"{name} imports {module}"
        if top not in ("adapters", "gateway", *sys.stdlib_module_names):
            assert name.startswith(HOMES.get(top, ())), f"{name} imports {module}"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_imports_no_other_platform(platform: str) -> None:
    others = tuple(f"adapters.{other}" for other in PLATFORMS if other != platform)
    for path in ROOT.glob(f"adapters/{platform}/**/*.py"):
        assert not [module for module in _imports(path) if module.startswith(others)], _name(path)


def test_the_environment_is_read_in_one_place() -> None:
    readers = [_name(path) for path in SOURCES if "os.environ" in path.read_text(encoding="utf-8")]
    assert readers == ["gateway/settings.py"]


def test_the_simulator_repeats_no_misreading_of_the_gateway() -> None:
    for path in ROOT.glob("gateway/simulator/**/*.py"):
        own = [module for module in _imports(path) if module.startswith(("gateway", "adapters"))]
        foreign = [module for module in own if not module.startswith("gateway.simulator")]
        assert set(foreign) <= {"gateway.clock"}, _name(path)


def test_adapters_have_no_clock_and_no_input_or_output() -> None:
    forbidden = {"time", "os", "io", "socket", "random", "secrets", "asyncio", "pathlib", "subprocess"}
    for path in ROOT.glob("adapters/**/*.py"):
        used = {module.partition(".")[0] for module in _imports(path)}
        assert not used & forbidden, f"{_name(path)} imports {used & forbidden}"


def test_only_the_composition_root_chooses_a_store() -> None:
    for store in ("sqlite", "redis"):
        choosers = [_name(path) for path in SOURCES if f"gateway.store.{store}" in set(_imports(path))]
        outside = [name for name in choosers if not name.startswith(f"gateway/store/{store}/")]
        assert outside == ["gateway/app.py"]


@pytest.mark.parametrize("store", ["sqlite", "redis"])
def test_the_rooms_of_a_store_use_each_other_in_one_direction(store: str) -> None:
    folder = f"gateway.store.{store}."
    rooms: dict[str, set[str]] = defaultdict(set)
    for path in ROOT.glob(f"gateway/store/{store}/*/*.py"):
        used = {module.removeprefix(folder) for module in _imports(path) if module.startswith(folder)}
        rooms[path.parent.name] |= {module.partition(".")[0] for module in used} - {path.parent.name}
    assert set().union(*rooms.values()) < set(rooms), "a room imports what puts the rooms together"
    TopologicalSorter(rooms).prepare()  # raises CycleError


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_file_outgrows_a_reader(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
