"""What is past its time goes: answers with their row, the words of all other signals.

The files that held them are no part of the lake any more from then on, and are deleted a week later, when
no reader can be under way in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction, RemoveAction

from openxmo.core.privacy.redaction import RULES_VERSION
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.door.recovery import commit_metadata, finish_import
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.keeping.compaction import File, removal
from openxmo.core.signals.keeping.erasure import erase_lines
from openxmo.core.signals.keeping.recording import draw_up
from openxmo.core.signals.keeping.retention import Kept, days_kept, due_for_deletion
from openxmo.core.signals.keeping.rewriting import files_with, read_parts
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import RETENTION, Receipt
from openxmo.core.signals.store.tables import ENRICHMENTS, MARKS, SIGNALS, SUPERSEDED

ANSWERS, COMMENTS = "answer", "comment"


@dataclass(frozen=True)
class Expired:
    answers: int
    comments: int


def expire(
    lake: Lake, *, months: Mapping[str, int], zone: str, by: str, at: datetime, progress: Progress = silent
) -> Expired:
    """Takes away what is older than its term; `months` are those of `ANSWERS` and `COMMENTS`."""
    today = at.astimezone(ZoneInfo(zone)).date()
    terms = {kind: days_kept(today, count) for kind, count in months.items()}
    with writing(lake, what="taking away what is past its time", progress=progress):
        rows = {kind: rows_due(lake, kind, today=today, terms=terms, zone=zone) for kind in (ANSWERS, COMMENTS)}
        answers = rows[ANSWERS]
        comments = rows[COMMENTS].filter(pc.invert(pc.is_in(rows[COMMENTS], value_set=answers)))
        if len(answers):
            for table in (SUPERSEDED, MARKS, ENRICHMENTS):
                erase_lines(lake, table, "row", answers, at=at)
        if len(answers) or len(comments):
            either = pa.concat_arrays([answers, comments])
            receipt = draw_up(lake, what=RETENTION, rows=len(answers), by=by, at=at)
            take_away(lake, files_with(lake, SIGNALS, "row", either), answers, comments, receipt, at=at)
    return Expired(len(answers), len(comments))


def rows_due(lake: Lake, kind: str, *, today: date, terms: Mapping[str, int], zone: str) -> pa.Array:
    """The keys of the signals of this kind that must go today, day by day of the office's zone."""
    engine = open_duckdb(lake)
    signals = engine.table(SIGNALS)
    wanted = signals.text.notnull() & (signals.text != "")
    if kind == ANSWERS:
        asked = (signals.basis == "asked") | (signals.basis.isnull() & (signals.kind == "X"))
        wanted = asked & (signals.kind == "X")
    oldest = datetime.combine(today - timedelta(days=terms[kind] - 1), datetime.min.time(), ZoneInfo(zone))
    old = signals.filter(wanted & (signals.happened_at < ibis.literal(oldest, "timestamp('UTC')")))
    found = engine.fetch(old.select("row", "happened_at"))
    days = {one: one.astimezone(ZoneInfo(zone)).date() for one in found["happened_at"].unique().to_pylist()}
    records = [Kept(day.isoformat(), kind, None, day) for day in sorted(set(days.values()))]
    due = set(due_for_deletion(records, today=today, retention_days=terms).by_retention)
    moments = pa.array([at for at, day in days.items() if day.isoformat() in due], found["happened_at"].type)
    return found.filter(pc.is_in(found["happened_at"], value_set=moments))["row"].combine_chunks()


def take_away(
    lake: Lake, files: list[File], answers: pa.Array, comments: pa.Array, receipt: Receipt, *, at: datetime
) -> None:
    """One commit, which carries its receipt as an import's does: after a kill the next writer adds it."""
    added = [
        action
        for file in files
        for action in lake.write(
            SIGNALS, (wordless(kept_of(part, answers), comments) for part in read_parts(lake, SIGNALS, file))
        )
    ]
    actions: list[AddAction | RemoveAction] = [*added]
    actions += [removal(file, at=at, data_change=True) for file in files]
    lake.commit(SIGNALS, actions, metadata=commit_metadata(receipt, [], redaction=RULES_VERSION))
    finish_import(lake, receipt, [])


def kept_of(rows: pa.Table, gone: pa.Array) -> pa.Table:
    return rows.filter(pc.invert(pc.is_in(rows["row"], value_set=gone)))


def wordless(rows: pa.Table, which: pa.Array) -> pa.Table:
    """The rows, these of them without their words."""
    place = rows.schema.get_field_index("text")
    text = rows["text"]
    empty = pc.if_else(pc.is_in(rows["row"], value_set=which), pa.scalar(None, text.type), text)
    return rows.set_column(place, rows.schema.field(place), empty)
