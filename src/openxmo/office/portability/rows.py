"""The office's rows in a backup: SQLite's file as of one moment, or a server's rows as lines of JSON.

Either can be brought back into either: an office may move from one database to the other.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections, transaction

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.keeping.backup import Beside
from openxmo.core.signals.store.home import Home
from openxmo.office.lib.database import (
    FILE,
    database_of,
    has_database,
    make_database,
    migrate_database,
    snapshot,
    sqlite_at,
)

ROWS = Path("office") / "rows.jsonl"
COMPANIONS = ("-wal", "-shm", "-journal")
# What every database makes for itself when its tables are made.
MADE_ANEW = ("contenttypes", "auth.permission", "sessions.session")
FOUND_THERE = ("contenttypes", "auth", "sessions", "sites", "admin")


@contextmanager
def rows_beside(home: Home) -> Iterator[Beside]:
    """The files to put into a backup in the place of the database."""
    names = {FILE.as_posix() + ending for ending in ("", *COMPANIONS)}
    if not has_database(home.path):
        yield Beside()
        return
    with tempfile.TemporaryDirectory(prefix="xmo-rows-") as folder:
        alias = database_of(home.path)
        if connections[alias].vendor == "sqlite":
            made = Path(folder) / FILE.name
            snapshot(home.path, made)
            made.chmod(0o600)
            yield Beside(frozenset(names), {FILE.as_posix(): made})
        else:
            made = Path(folder) / ROWS.name
            dump(alias, made)
            yield Beside(frozenset(names), {ROWS.as_posix(): made})


def dump(alias: str, file: Path) -> None:
    """All rows as of one moment."""
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        call_command(
            "dumpdata",
            database=alias,
            format="jsonl",
            use_base_manager=True,
            use_natural_foreign_keys=True,
            exclude=list(MADE_ANEW),
            output=str(file),
            verbosity=0,
        )
    file.chmod(0o600)


def bring_back(home: Home) -> None:
    """Puts the rows of a restored home into the database that serves it, of this version."""
    alias, file, lines = database_of(home.path), home.path / FILE, home.path / ROWS
    on_server = connections[alias].vendor != "sqlite"
    if on_server and file.exists():
        with opened_beside(file) as other:
            call_command("migrate", database=other, verbosity=0, interactive=False)
            dump(other, lines)
        for ending in ("", *COMPANIONS):
            file.with_name(file.name + ending).unlink(missing_ok=True)
    make_database(home.path)
    migrate_database(home.path)
    if lines.exists():
        refuse_occupied(alias)
        load(alias, lines)
        lines.unlink()


def load(alias: str, file: Path) -> None:
    """Puts the rows into a database without any; whole or not at all."""
    with transaction.atomic(using=alias):
        call_command("loaddata", str(file), database=alias, verbosity=0)


def check_empty(folder: Path) -> None:
    """Before anything is unpacked: rows on a server are never written over."""
    if has_database(folder):
        refuse_occupied(database_of(folder))


def refuse_occupied(alias: str) -> None:
    taken = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label not in FOUND_THERE and model._base_manager.using(alias).exists()
    ]
    if taken:
        raise WrongUsage(
            f"The database that DATABASE_URL names holds rows already ({taken[0]} for one).",
            mend="Name an empty one; nothing in it was changed.",
        )


@contextmanager
def opened_beside(file: Path) -> Iterator[str]:
    """The alias of a SQLite file, whatever database is served."""
    alias = "restored"
    defaults: dict[str, Any] = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "CONN_MAX_AGE": 0}
    connections.databases[alias] = {**connections.databases["default"], **defaults, **sqlite_at(file)}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
