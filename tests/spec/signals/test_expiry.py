"""What is past its time goes, day by day as the rule says, and the books still balance."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from openxmo.core.signals.door.importing import drain_inbox, put_batch
from openxmo.core.signals.door.recovery import recover
from openxmo.core.signals.keeping import expiry
from openxmo.core.signals.keeping.doctor import examine
from openxmo.core.signals.keeping.expiry import ANSWERS, COMMENTS, expire
from openxmo.core.signals.keeping.marks import mark_signals
from openxmo.core.signals.keeping.retention import Kept, days_kept, due_for_deletion
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_receipts
from tests.spec.signals.door import make_lake, stored

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
MONTHS = {ANSWERS: 3, COMMENTS: 1}


def answer(id_: str, at: datetime, **more: Any) -> dict[str, Any]:
    made = {"id": id_, "source": "web", "kind": "X", "name": "nps", "scale": "0..10", "value": 9}
    return {**made, "happened_at": at.isoformat(), "text": f"words of {id_}", **more}


def lake_with(folder: Path, *rows: dict[str, Any]) -> Lake:
    lake = make_lake(folder)
    put_batch(lake.home, [json.dumps(one).encode() + b"\n" for one in rows], source=None, by="api", at=NOW)
    assert drain_inbox(lake, sources={}, by="worker", at=NOW)[0].accepted == len(rows)
    return lake


def months_ago(count: int, days: int = 0) -> datetime:
    return NOW - timedelta(days=days_kept(NOW.date(), count) + days)


@pytest.mark.parametrize(
    ("today", "months", "oldest"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 2, date(2025, 11, 15)),
        (date(2026, 11, 22), 36, date(2023, 11, 22)),
        (date(2026, 12, 5), 12, date(2025, 12, 5)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(today: date, months: int, oldest: date) -> None:
    assert today - timedelta(days=days_kept(today, months)) == oldest


def test_answers_go_with_their_row_and_other_signals_lose_their_words(tmp_path: Path) -> None:
    lake = lake_with(
        tmp_path,
        answer("fresh", months_ago(0)),
        answer("wordless", months_ago(1, 1)),
        answer("gone", months_ago(3, 1)),
        answer("last-day", months_ago(3)),
        answer("call", months_ago(30), kind="O", name="contact", value=None, scale=None),
        answer("guess", months_ago(30), basis="inferred", scale=None),
    )
    done = expire(lake, months=MONTHS, zone="UTC", by="worker", at=NOW)
    left = {signal["id"]: signal["text"] for signal in stored(lake)}
    assert left == {"fresh": "words of fresh", "wordless": None, "last-day": None, "call": None, "guess": None}
    assert (done.answers, done.comments) == (1, 4)
    assert read_receipts(lake)[-1].what == "retention"
    assert [check.found for check in examine(lake.home, at=NOW).checks if not check.ok] == []


def test_the_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    lake = lake_with(tmp_path, answer("gone", months_ago(3, 1)), answer("old", months_ago(2)))
    expire(lake, months=MONTHS, zone="UTC", by="worker", at=NOW)
    version = lake.version
    done = expire(lake, months=MONTHS, zone="UTC", by="worker", at=NOW)
    assert (done.answers, done.comments, lake.version) == (0, 0, version)


def test_what_is_said_about_an_answer_goes_with_it(tmp_path: Path) -> None:
    lake = lake_with(tmp_path, answer("gone", months_ago(3, 1)), answer("kept", months_ago(0)))
    mark_signals(
        lake, mark="spam", ids=[("web", "gone"), ("web", "kept")], reason="bot", by="Val", confirmed_by=None, at=NOW
    )
    expire(lake, months=MONTHS, zone="UTC", by="worker", at=NOW)
    assert [check.found for check in examine(lake.home, at=NOW).checks if not check.ok] == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_the_day_is_the_offices_and_the_rule_is_that_of_retention(tmp_path: Path, zone: str) -> None:
    from zoneinfo import ZoneInfo

    rows = [answer(f"h{hours}", months_ago(3) + timedelta(hours=hours)) for hours in range(-40, 41, 4)]
    lake = lake_with(tmp_path, *rows)
    expire(lake, months={ANSWERS: 3, COMMENTS: 99}, zone=zone, by="worker", at=NOW)
    today = NOW.astimezone(ZoneInfo(zone)).date()
    records = [
        Kept(row["id"], ANSWERS, None, datetime.fromisoformat(row["happened_at"]).astimezone(ZoneInfo(zone)).date())
        for row in rows
    ]
    due = due_for_deletion(records, today=today, retention_days={ANSWERS: days_kept(today, 3)})
    assert 0 < len(due.by_retention) < len(rows)
    assert sorted(signal["id"] for signal in stored(lake)) == sorted(due.keep)


def test_a_kill_between_the_two_commits_leaves_books_that_balance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = lake_with(tmp_path, answer("gone", months_ago(3, 1)), answer("kept", months_ago(0)))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(expiry, "finish_import", killed)
        with pytest.raises(KeyboardInterrupt):
            expire(lake, months=MONTHS, zone="UTC", by="worker", at=NOW)
    recover(lake)
    assert [signal["id"] for signal in stored(lake)] == ["kept"]
    assert read_receipts(lake)[-1].what == "retention"
    assert [check.found for check in examine(lake.home, at=NOW).checks if not check.ok] == []
