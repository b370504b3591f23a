"""Whether the office's database is whole, of this version, and refers to nothing that is gone."""

from collections.abc import Iterator

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from openxmo.core.signals.keeping.doctor import Check
from openxmo.core.signals.store.home import Home
from openxmo.office.lib.database import database_of, has_database

MEND_ROWS = "Restore a backup (`xmo restore`)."


def check_database(home: Home) -> Iterator[Check]:
    if not has_database(home.path):
        yield Check("database", False, "The office has no database.", "Run `xmo upgrade`, or restore a backup.")
        return
    alias = database_of(home.path)
    try:
        yield check_whole(alias)
        yield check_version(alias)
        yield check_orphans(alias)
    except DatabaseError as error:
        yield Check("database", False, f"The database cannot be read: {error}.", MEND_ROWS)


def check_whole(alias: str) -> Check:
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor != "sqlite":
            cursor.execute("SELECT 1")
            return Check("database", True, f"The database server answers ({connections[alias].display_name}).")
        cursor.execute("PRAGMA integrity_check")
        found = [row[0] for row in cursor.fetchall()]
    if found != ["ok"]:
        return Check("database", False, f"The database is damaged: {found[0]}.", MEND_ROWS)
    return Check("database", True, "The database is whole.")


def check_version(alias: str) -> Check:
    waiting, newer = unapplied(alias), unknown(alias)
    if newer:
        return Check("migrations", False, f"A newer OpenXMO made {newer[0]}.", "Install the newer version.")
    if waiting:
        return Check("migrations", False, f"{len(waiting)} changes of the tables wait.", "Run `xmo upgrade`.")
    return Check("migrations", True, "The tables are of this version.")


def check_orphans(alias: str) -> Check:
    """Rows that refer to others which are not there; a server refuses them by itself."""
    if connections[alias].vendor != "sqlite":
        return Check("rows", True, "The database server keeps references whole.")
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        found = cursor.fetchall()
    if found:
        return Check(
            "rows", False, f"{len(found)} rows refer to rows that are gone, in {found[0][0]} for one.", MEND_ROWS
        )
    return Check("rows", True, "Every row that is referred to is there.")


def unapplied(alias: str) -> list[str]:
    """Migrations that this version has and the database has not."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown(alias: str) -> list[str]:
    """Migrations that the database has and this version does not know: a newer one made them."""
    loader = MigrationExecutor(connections[alias]).loader
    known = loader.graph.nodes
    ours = {app for app, _ in known}
    return [f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known]
