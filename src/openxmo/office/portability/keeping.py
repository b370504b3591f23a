"""Making, changing and keeping an office."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.keeping import backup as backups
from openxmo.core.signals.keeping import doctor, erasure, upgrade
from openxmo.core.signals.keeping.doctor import Examination
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.object_store import read_address
from openxmo.core.signals.store.tombstones import load as load_tombstones
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.actions import init_office
from openxmo.office.govern.changes import Changes
from openxmo.office.govern.lakes import open_lake
from openxmo.office.govern.moving import has_old_files, move_old_files
from openxmo.office.govern.queries import access_of, check_right
from openxmo.office.govern.session import Session
from openxmo.office.lib.clock import now
from openxmo.office.lib.database import database_of, make_database, migrate_database
from openxmo.office.portability import office_file
from openxmo.office.portability.erasing import forget_again, forget_everywhere
from openxmo.office.portability.health import check_database, unapplied, unknown
from openxmo.office.portability.rows import bring_back, check_empty, rows_beside


def make_office(folder: Path, *, at: datetime | None = None, lake: str | None = None) -> bool:
    """A new office with the default office file; False where one stands already, which is left as it is.

    `lake` is the address of an object store where its signals are kept, if not in the folder.
    """
    home, moment = Home.at(folder), at or now()
    if home.exists():
        open_lake(home)
        return init_office(home, at=moment)  # completes an office whose making was cut off
    Lake.create(home, at=moment, address=None if lake is None else read_address(lake))
    return init_office(home, at=moment)


def apply(session: Session, text: str, *, prune: bool = False, check: bool = False, with_roles: bool = True) -> Changes:
    """Make the office as the file's text says; `check` only tells what would change.

    Who holds which role changes by those who may change roles alone, and not at all without `with_roles`.
    """
    session.require(Right.CHANGE_OFFICE)
    by, at = session.viewer.name, session.clock()
    return office_file.apply(session.home, text, by=by, at=at, prune=prune, check=check, with_roles=with_roles)


def export(session: Session) -> str:
    """The office as the text of a file that `apply` reads back."""
    session.require(Right.CHANGE_OFFICE)
    return office_file.export(session.home)


def erase(session: Session, subject: str, *, progress: Progress = silent) -> dict[str, Any]:
    """Erase a person everywhere in the home: the lake, the files around it, the office and its audit."""
    session.require(Right.ERASE_PEOPLE)
    by, at = session.viewer.name, session.clock()
    # The office first: what is left to name them is looked for at the end of the lake's erasure.
    lines = forget_everywhere(session.home, subject, by=by, at=at)
    done = erasure.erase(session.lake, subject, sources=session.definitions.sources, by=by, at=at, progress=progress)
    session.record("erasure", f"receipt:{done.receipt.receipt}")
    return {
        "receipt": done.receipt.receipt,
        "signals": done.signals_erased,
        "mentions": done.signals_changed,
        "lines": sum(done.lines_erased.values()) + lines,
        "batches": done.batches_removed,
        "exports": done.exports_removed,
        "also_known_as": list(done.also_known_as),
        "leftovers": [str(path) for path in done.leftovers],
        "lake_version": session.lake.version,
    }


def examine(session: Session, *, progress: Progress = silent) -> dict[str, Any]:
    """Is anything lost or broken?"""
    session.require(Right.KEEP_SYSTEM)
    found = doctor.examine(session.home, at=session.clock(), progress=progress)
    return Examination((*found.checks, *check_database(session.home))).to_document()


def backup(session: Session, file: Path, *, progress: Progress = silent) -> dict[str, Any]:
    """Write the whole office to one file, which must not exist yet."""
    session.require(Right.KEEP_SYSTEM)
    with rows_beside(session.home) as beside:
        done = backups.backup(session.lake, file, at=session.clock(), beside=beside, progress=progress)
    session.record("backup")
    return done.to_document()


def restore_office(
    file: Path,
    folder: Path,
    *,
    tombstones: Sequence[Path] = (),
    lake: str | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Bring an office back from a backup; `tombstones` keep those away who were erased since.

    Its signals come into the folder, or to the address `lake` of an object store where nothing lies yet.
    """
    at = now()
    check_empty(folder)
    done = backups.restore(
        file,
        Home.at(folder),
        by="operator",
        at=at,
        tombstones_from=tombstones,
        address=None if lake is None else read_address(lake),
        progress=progress,
    )
    bring_back(done.home)
    forget_again(done.home, load_tombstones(Lake.open(done.home)), by="operator", at=at)
    return done.to_document()


def upgrade_office(
    folder: Path, *, backup: Path | None = None, as_user: str | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Move an older office to this version, after a backup beside its folder or where `backup` says."""
    home, at = Home.at(folder), now()
    if as_user is not None:
        check_right(access_of(home, as_user, at=at), Right.KEEP_SYSTEM)
    file = backup or home.path.with_name(f"{home.path.name}-before-upgrade-{at:%Y%m%d%H%M%S}.tar.zst")
    make_database(home.path)
    alias = database_of(home.path)
    if newer := unknown(alias):
        raise UnreadableInput(
            f"The office's database was made by a newer OpenXMO ({', '.join(sorted(newer)[:3])}).",
            mend="Install the newer version; nothing was changed.",
        )
    waiting = unapplied(alias)
    with rows_beside(home) as beside:
        done = upgrade.upgrade(home, backup=file, by="operator", at=at, beside=beside, progress=progress).to_document()
        if done["backup"] is None and (waiting or has_old_files(home)):
            made = backups.backup(open_lake(home), file, at=at, beside=beside, progress=progress)
            done["backup"] = str(made.file)
    migrate_database(home.path)
    if has_old_files(home):
        done["moved"] = move_old_files(home)
    return done | {"migrated": len(waiting)}
