"""The tables, made and changed by numbered scripts; `PRAGMA user_version` is the number of the last one."""

import sqlite3
from importlib.resources import files

from gateway.store.base import StoreUnavailable
from gateway.store.keys import counted_as, remembered_as


def scripts() -> list[str]:
    """All migrations, oldest first: the first makes an empty file version 1."""
    folder = files("gateway.store.sqlite") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def version(connection: sqlite3.Connection) -> int:
    """The version of the file's tables; 0 for a new file."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def migrate(connection: sqlite3.Connection, migrations: list[str]) -> None:
    """Bring the file to the newest version, one transaction per step, so that a crash loses no step.

    Raises StoreUnavailable for a file that a newer gateway has written.
    """
    present = version(connection)
    if present > len(migrations):
        raise StoreUnavailable(
            f"the store has version {present} and this gateway knows {len(migrations)}: "
            "run the gateway that wrote it, or a newer one"
        )
    connection.create_function("remembered_as", 1, remembered_as, deterministic=True)
    connection.create_function("counted_as", 2, counted_as, deterministic=True)
    for number, script in enumerate(migrations[present:], start=present + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
