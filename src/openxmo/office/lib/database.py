"""Where the office's rows lie: SQLite in the home, or the server that DATABASE_URL names.

A process serves one home, whose database is Django's `default`. Other homes that it opens (a notebook
with two offices, the command with `--home`) get an alias of their own: ask `database_of`, never name one.
"""

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.durable import cannot_write, make_folder, sync_file, sync_folder

# Durable on every commit; a reader never waits for a writer; a writer waits, and takes its lock
# when the transaction begins, for one that is upgraded later fails at once. What is erased is overwritten.
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=20000;"
PATIENCE = 20  # seconds that a writer waits
FILE = Path("office") / "office.sqlite3"
SERVED = "default"
MOST_OTHERS = 8  # databases of other homes that are held open
_opened: dict[str, tuple[int, int]] = {}  # by alias: the file that lay there, as its device and number
_filled: set[str] = set()  # aliases of servers whose tables were seen
MADE_LAST = "django_session"  # the table of the last migration: those of the rooms come before it
_directed: ContextVar[str | None] = ContextVar("directed", default=None)


def sqlite_at(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE, "init_command": PRAGMAS},
    }


def database_at(url: str) -> dict[str, Any]:
    """`postgres://user:password@host:port/name`; a socket's folder may stand as `?host=`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL begins with {parts.scheme}://; postgres:// is what is known.")
    try:
        port = parts.port
    except ValueError:  # a sign of the password parted the address
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read; in its password / : ? # @ are written %2F %3A %3F %23 %40."
        ) from None
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", parts.hostname or "")),
        "PORT": port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


# WHICH DATABASE


def database_of(home: Path | None = None) -> str:
    """The alias of a home's database, registered if need be; of the served home if none is named."""
    if home is None:
        return SERVED
    from openxmo.office.lib.framework import set_up

    set_up(home)
    if _is_served(home):
        return SERVED
    alias = f"home-{sha256(str(home.absolute()).encode()).hexdigest()[:16]}"
    _register(alias, home.absolute() / FILE)
    return alias


def has_database(home: Path) -> bool:
    """Whether the office's rows can be read: on SQLite, whether the file is there; on a server, whether tables are."""
    alias = database_of(home)
    file = _file_of(alias)
    return file.exists() if file is not None else _has_tables(alias)


def _has_tables(alias: str) -> bool:
    """Asked until they are there: they do not go again."""
    from django.db import connections

    if alias not in _filled and MADE_LAST in connections[alias].introspection.table_names():
        _filled.add(alias)
    return alias in _filled


def require_served(home: Path) -> None:
    """Rows that are asked for without naming a home are the served one's: refuse to do it for another."""
    if database_of(home) != SERVED:
        raise WrongUsage("This program serves another office already.", where=str(home), mend="Use a program for each.")


def _is_served(home: Path) -> bool:
    from django.conf import settings

    served = Path(settings.OPENXMO_HOME).absolute()
    if served == home.absolute():
        return True
    try:
        return served.samefile(home)
    except OSError:
        return False


def _register(alias: str, file: Path) -> None:
    """Know the database by this alias. One whose file was put in place of another is opened anew."""
    from django.db import connections

    found = _identity(file)
    if alias in connections.databases:
        if alias in _opened and _opened[alias] != found:
            connections[alias].close()
            del connections[alias]
    else:
        connections.databases[alias] = {**connections.databases[SERVED], **_defaults(), **sqlite_at(file)}
        _let_go_of_old_ones(alias)
    _opened.pop(alias, None)  # the newest stands last
    _opened[alias] = found


def _defaults() -> dict[str, Any]:
    return {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}


def _let_go_of_old_ones(newest: str) -> None:
    from django.db import connections

    for alias in list(_opened)[: max(0, len(_opened) - MOST_OTHERS)]:
        if alias == newest or connections[alias].in_atomic_block:
            continue
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
        del _opened[alias]


def _identity(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _file_of(alias: str) -> Path | None:
    """The file of a SQLite database; None for a server, and for one in memory."""
    from django.db import connections

    given = connections[alias].settings_dict
    name = str(given["NAME"])
    in_memory = name.startswith("file:") or name == ":memory:"
    return None if in_memory or "sqlite" not in str(given["ENGINE"]) else Path(name)


# MAKING IT


def make_database(home: Path) -> None:
    """The database with all its tables; one that is there is left as it is."""
    alias = database_of(home)
    file = _file_of(alias)
    if file is None:
        if not _has_tables(alias):
            migrate_database(home)
    elif not file.exists():
        try:
            make_folder(file.parent)
            _put(_template(), file)
        except OSError as error:
            raise cannot_write(file, error) from None
        if alias != SERVED:
            _register(alias, file)


def migrate_database(home: Path) -> None:
    """Bring all tables to this version. Several processes may call it: on a server one after the other."""
    from django.db import connections

    alias = database_of(home)
    with connections[alias].cursor() as cursor:
        locks = connections[alias].vendor == "postgresql"
        if locks:
            cursor.execute("SELECT pg_advisory_lock(742001)")
        try:
            _migrate(alias)
        finally:
            if locks:
                cursor.execute("SELECT pg_advisory_unlock(742001)")


def _put(made: Path, file: Path) -> None:
    """Copy the file into its place at once; the first of several processes wins."""
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    shutil.copyfile(made, new)
    new.chmod(0o600)
    sync_file(new)
    try:
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()
    sync_folder(file.parent)


@cache
def _template() -> Path:
    """An empty database with all tables, made once in a process: making the tables takes seconds, copying none."""
    from django.db import connections

    folder = Path(tempfile.mkdtemp(prefix="xmo-database-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "template.sqlite3"
    alias = "template"
    quick = {**sqlite_at(file), "OPTIONS": {"init_command": "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"}}
    connections.databases[alias] = {**connections.databases[SERVED], **_defaults(), **quick}
    try:
        _migrate(alias)
        connections[alias].close()
    finally:
        del connections[alias]
        del connections.databases[alias]
    return file


def _migrate(alias: str) -> None:
    from django.core.management import call_command

    with _directing(alias):
        call_command("migrate", database=alias, verbosity=0, interactive=False)


@contextmanager
def _directing(alias: str) -> Iterator[None]:
    token = _directed.set(alias)
    try:
        yield
    finally:
        _directed.reset(token)


class Router:
    """Some packages' migrations write without saying where: while a database is migrated they write there."""

    def db_for_read(self, model: Any, **_: Any) -> str | None:  # noqa: ARG002
        return _directed.get()

    def db_for_write(self, model: Any, **_: Any) -> str | None:  # noqa: ARG002
        return _directed.get()


# KEEPING IT


def snapshot(home: Path, to: Path) -> None:
    """A whole and consistent copy of a home's SQLite database in the new file `to`, while others write on."""
    file = _file_of(database_of(home))
    if file is None:
        raise WrongUsage(
            "The office's rows lie on a database server.",
            mend="Back that up with its own tool (pg_dump), together with `xmo backup` of the home.",
        )
    make_folder(to.parent)
    with closing(sqlite3.connect(file, timeout=PATIENCE)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    sync_file(to)


def scrub(home: Path) -> None:
    """Overwrite what was deleted, in the database and in its log; once the running transaction is committed."""
    from django.db import connections, transaction

    alias = database_of(home)

    def overwrite() -> None:
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM")
            if connections[alias].vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    if has_database(home):
        transaction.on_commit(overwrite, using=alias)


@contextmanager
def directed_to(home: Path) -> Iterator[None]:
    """What rooms read and write without saying where is this home's, while the context lasts; in this thread."""
    from django.db import connections

    alias = database_of(home)
    if alias == SERVED:
        yield
        return
    served = connections[SERVED]
    connections[SERVED] = connections[alias]
    try:
        with _directing(alias):
            yield
    finally:
        connections[SERVED] = served
