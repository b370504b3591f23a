"""Making, changing and keeping an office."""

from datetime import datetime
from pathlib import Path
from typing import Any

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress, silent
from openxmo.core.signals import backup as backups
from openxmo.core.signals import doctor, erasure, upgrade
from openxmo.core.signals.home import Home
from openxmo.core.signals.lake import Lake
from openxmo.library.session import Session, now
from openxmo.office.govern.actions import init_office
from openxmo.office.govern.changes import Changes
from openxmo.office.govern.erasure import forget_person
from openxmo.office.govern.roles import Right
from openxmo.office.portability import office_file


def make_office(folder: Path, *, at: datetime | None = None) -> bool:
    """A new office with the default office file; False where one stands already, which is left as it is."""
    home, moment = Home.at(folder), at or now()
    if home.exists():
        Lake.open(home)
        return init_office(home, at=moment)  # completes an office whose making was cut off
    Lake.create(home, at=moment)
    return init_office(home, at=moment)


def apply(session: Session, text: str, *, prune: bool = False, check: bool = False) -> Changes:
    """Make the office as the file's text says; `check` only tells what would change."""
    session.require(Right.CHANGE_OFFICE)
    return office_file.apply(session.home, text, by=session.viewer.name, at=session.clock(), prune=prune, check=check)


def export(session: Session) -> str:
    """The office as the text of a file that `apply` reads back."""
    session.require(Right.CHANGE_OFFICE)
    return office_file.export(session.home)


def erase(session: Session, subject: str, *, progress: Progress = silent) -> dict[str, Any]:
    """Erase a person everywhere in the home: the lake, the files around it, the office and its audit."""
    session.require(Right.ERASE_PEOPLE)
    by, at = session.viewer.name, session.clock()
    done = erasure.erase(session.lake, subject, sources=session.definitions.sources, by=by, at=at, progress=progress)
    lines = forget_person(session.home, subject, by=by, at=at)
    session.record("erasure", f"receipt:{done.receipt.receipt}")
    return {**done.to_document(), "office_lines": lines, "lake_version": session.lake.version}


def examine(session: Session, *, progress: Progress = silent) -> dict[str, Any]:
    """Is anything lost or broken?"""
    session.require(Right.KEEP_SYSTEM)
    return doctor.examine(session.home, at=session.clock(), progress=progress).to_document()


def backup(session: Session, file: Path, *, progress: Progress = silent) -> dict[str, Any]:
    """Write the whole office to one file."""
    session.require(Right.KEEP_SYSTEM)
    done = backups.backup(session.lake, file, at=session.clock(), progress=progress).to_document()
    session.record("backup")
    return done
