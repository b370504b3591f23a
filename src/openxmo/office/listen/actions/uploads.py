"""A file from the browser: kept, described, looked at, and handed to the worker."""

import hashlib
import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext

from openxmo.core.errors import UserError, WrongUsage
from openxmo.core.signals.door import importing
from openxmo.core.signals.mapping import MappedRow, SignalMapping, load_mapping, map_files
from openxmo.core.signals.mapping.guessing import (
    Answers,
    ColumnLook,
    Look,
    Plan,
    Question,
    describe_columns,
    guess,
    look,
    open_questions,
    settle,
    write_mapping,
)
from openxmo.core.signals.store.durable import make_folder, write_new
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.receipts import Receipt
from openxmo.office.accounts import audit
from openxmo.office.govern.lakes import open_lake
from openxmo.office.govern.queries import definitions
from openxmo.office.listen.models import FileImport, KnownForm
from openxmo.office.listen.policies import check_may_become
from openxmo.office.listen.states import ImportState

MOST_BYTES = 1024 * 1024 * 1024
QUICK_BYTES = 8 * 1024 * 1024  # a file up to this is judged as a whole before it is stored
SHOWN_ROWS = 3
PATIENCE = 5.0  # seconds that a page waits for another writer
KEPT = timedelta(days=7)  # a file that nobody went on with


@dataclass(frozen=True)
class Described:
    """A file with what is known of it, what is open, and its mapping where nothing is."""

    record: FileImport
    path: Path
    look: Look
    columns: tuple[ColumnLook, ...]
    plan: Plan
    questions: tuple[Question, ...]
    known: bool  # the answers were given for an earlier file of this form

    @property
    def ready(self) -> bool:
        return self.look.is_contract or not self.questions


def folder_of(home: Home, record: FileImport) -> Path:
    return home.exports / "incoming" / record.folder


def file_of(home: Home, record: FileImport) -> Path:
    """The file as it was sent; WrongUsage where it is gone."""
    found = sorted(path for path in folder_of(home, record).glob("*") if path.suffix != ".toml")
    if not found:
        raise WrongUsage(
            gettext("The file is no longer here."), mend=gettext("Send it again: files wait for seven days at most.")
        )
    return found[0]


def take_upload(
    home: Home, name: str, chunks: Iterable[bytes], *, size: int, source: str, by: str, at: datetime
) -> FileImport:
    """Keep a file that was sent; nothing of it is stored as a signal yet. UnreadableInput where it is no table."""
    if size > MOST_BYTES:
        raise WrongUsage(
            gettext("The file is larger than 1 GB."), mend=gettext("Import it with the command: `xmo import FILE`.")
        )
    clean = re.sub(r"[^\w.-]+", "-", Path(name).name)[-80:].lstrip(".-") or "file"
    folder = home.exports / "incoming" / secrets.token_hex(8)
    make_folder(folder)
    digest = hashlib.sha256()
    waiting = folder / clean
    try:
        size = write_new(waiting, hashing(chunks, digest), mode=0o600)
        # The same file again has the same name, so its rows are known; another file of this name is another.
        path = waiting.rename(folder / f"{digest.hexdigest()[:8]}-{clean}")
        look_by_its_name(path, Path(name).name)
        with transaction.atomic():
            record = FileImport.objects.create(
                name=Path(name).name[:255],
                folder=folder.name,
                bytes=size,
                source=source,
                made_at=at,
                made_by=by,
            )
            audit.record("file sent", by=by, at=at, on=[f"import:{record.pk}"])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return record


def look_by_its_name(path: Path, name: str) -> None:
    """Whether it is a table; what is wrong with it is said by the name under which it was sent."""
    try:
        look(path, most=50)
    except UserError as error:
        error.what, error.where = error.what.replace(path.name, name), error.where.replace(path.name, name)
        raise


def hashing(chunks: Iterable[bytes], digest: Any) -> Iterable[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def describe_file(home: Home, record: FileImport) -> Described:
    """What the file seems to be, with the answers given so far."""
    path = file_of(home, record)
    seen = look(path)
    columns = describe_columns(seen)
    answers = read_saved(record.answers)
    known = None
    if not record.answers:
        known = KnownForm.objects.filter(signature=signature_of(seen)).first()
        answers = read_saved(known.answers) if known else answers
    answers = msgspec.structs.replace(answers, source=record.source)
    plan = settle(guess(seen, source=record.source, columns=columns), columns, answers)
    questions = () if seen.is_contract else open_questions(plan, columns)
    return Described(record, path, seen, columns, plan, questions, known is not None)


def signature_of(seen: Look) -> str:
    """Files with the same columns have the same."""
    return hashlib.sha256("\x1f".join((seen.form.format or "", *sorted(seen.columns))).encode()).hexdigest()


def read_saved(saved: dict[str, Any]) -> Answers:
    try:
        return msgspec.convert(saved, Answers)
    except msgspec.ValidationError:
        return Answers()


def save_answers(record: FileImport, answers: Answers) -> None:
    """Keep what was said of the columns; only while nothing is stored."""
    check_may_become(record, ImportState.WAITING)
    record.answers = msgspec.to_builtins(answers)
    record.source = answers.source or record.source
    record.save(update_fields=["answers", "source"])


def mapping_text(described: Described) -> str:
    return write_mapping(described.plan, described.look.form, described.columns, title=described.record.name)


def mapping_of(home: Home, described: Described) -> SignalMapping | None:
    """The mapping of a file, checked as any other; None where the file has the contract's names already."""
    if described.look.is_contract:
        return None
    path = folder_of(home, described.record) / "mapping.toml"
    path.write_text(mapping_text(described), encoding="utf-8")
    return load_mapping(path)


def preview(home: Home, described: Described) -> list[MappedRow]:
    """The first rows as signals, or with what is wrong with them."""
    mapping = mapping_of(home, described)
    if mapping is None:
        return [MappedRow(n, "", [dict(row)], None, row) for n, row in enumerate(described.look.rows[:SHOWN_ROWS], 1)]
    rows = map_files(mapping, [described.path], source=described.record.source)
    return [row for row, _ in zip(rows, range(SHOWN_ROWS), strict=False)]


def check_upload(home: Home, described: Described, *, by: str, at: datetime) -> tuple[Receipt | None, str]:
    """What storing would do, or why that cannot be said now. A large file is judged while it is stored."""
    if described.record.bytes > QUICK_BYTES:
        return None, gettext("The file is large: its rows are judged one by one while it is stored.")
    try:
        receipt = importing.check_files(
            open_lake(home),
            [described.path],
            source=described.record.source,
            mapping=mapping_of(home, described),
            sources=definitions(home).sources,
            zone=described.plan.zone,
            by=by,
            at=at,
            timeout=PATIENCE,
        )
    except UserError as error:
        return None, str(error)
    return receipt, ""


def start(record: FileImport, *, home: Home, enqueue: Callable[[int], object], by: str, at: datetime) -> None:
    """Hand the file to the worker. UnreadableInput or WrongUsage while something is open."""
    check_may_become(record, ImportState.WAITING)
    described = describe_file(home, record)
    if not described.ready:
        raise WrongUsage(
            gettext("Not everything is answered yet."), mend=gettext("Answer the open questions of this file first.")
        )
    mapping_of(home, described)
    with transaction.atomic():
        record.state, record.stop, record.fault = ImportState.WAITING, False, ""
        record.mapping = "" if described.look.is_contract else mapping_text(described)
        record.step, record.done, record.total, record.touched_at = "", 0, None, None
        record.save()
        if record.mapping:
            remember(described, record.mapping, by=by, at=at)
        audit.record("import started", by=by, at=at, on=[f"import:{record.pk}"])
        transaction.on_commit(lambda: enqueue(record.pk))


def remember(described: Described, mapping: str, *, by: str, at: datetime) -> None:
    """The answers, for the next file with these columns."""
    answers = {**described.record.answers}
    if described.known:
        return
    KnownForm.objects.update_or_create(
        signature=signature_of(described.look),
        defaults={"answers": answers, "mapping": mapping, "made_at": at, "made_by": by},
    )


def ask_to_stop(record: FileImport, *, by: str, at: datetime) -> None:
    """A waiting import stops at once, a running one at its next step; nothing of it is stored then."""
    check_may_become(record, ImportState.STOPPED)
    with transaction.atomic():
        if not FileImport.objects.filter(pk=record.pk, state=ImportState.WAITING).update(state=ImportState.STOPPED):
            FileImport.objects.filter(pk=record.pk, state=ImportState.RUNNING).update(stop=True)
        audit.record("import stopped", by=by, at=at, on=[f"import:{record.pk}"])


def drop_upload(home: Home, record: FileImport) -> None:
    """Take the file away; the row that says what came of it stays."""
    shutil.rmtree(folder_of(home, record), ignore_errors=True)


def drop_left_files(home: Home, *, at: datetime) -> int:
    """Take away files that nobody went on with for seven days; returns how many."""
    gone = 0
    for record in FileImport.objects.filter(made_at__lt=at - KEPT).exclude(state=ImportState.RUNNING):
        if folder_of(home, record).exists():
            drop_upload(home, record)
            gone += 1
    return gone
