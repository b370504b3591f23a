"""What the worker does: stores what arrives, runs what the clock starts once a slot, and survives what fails."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from openxmo.core.signals.door.importing import put_batch
from openxmo.core.signals.door.lock import writer_lock
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_receipts
from openxmo.office.accounts.audit import record
from openxmo.office.accounts.models import AuditEvent
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.session import Session
from openxmo.office.jobs import inbox, queue, timetable
from openxmo.office.jobs.daily import retention
from openxmo.office.jobs.models import JobRun, KeptResponse
from openxmo.office.jobs.stopping import Stop
from openxmo.office.jobs.timetable import Job, is_alive, list_jobs, run_due, take, worker_name
from openxmo.office.jobs.work import drain
from openxmo.office.jobs.worker import Worker
from openxmo.office.lib.clock import now
from tests.functional.homes import answers, make_office
from tests.spec.signals.door import as_lines

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def send(home: Home, *rows: object, at: datetime = AT) -> None:
    put_batch(home, [as_lines(list(rows))], source=None, by="api", at=at)


@task()
def write_down(what: str) -> None:
    record(what, by="task", at=AT)


@task()
def send_one() -> None:
    send(served_home(), *answers([9]))


@task()
def break_down() -> None:
    raise RuntimeError("the task is broken")


def test_the_folders_are_the_timetable() -> None:
    assert {"minutely/clocks", "daily/retention", "daily/tidy"} <= {job.name for job in list_jobs()}


def test_a_turn_stores_runs_and_leaves_nothing_waiting(home: Home) -> None:
    send(home, *answers([9, 3]))
    write_down.enqueue("counted")
    worker = Worker(home, clock=lambda: AT)
    assert inbox.waits(home)
    done = worker.turn()
    assert (done["batches"], done["tasks"]) == (1, 1)
    assert [run.failed for run in done["jobs"]] == [False] * len(list_jobs())
    assert not inbox.waits(home)
    assert [one.accepted for one in read_receipts(Lake.open(home))] == [2]
    assert AuditEvent.objects.filter(what="counted").count() == 1
    again = worker.turn()
    assert (again["batches"], again["tasks"], again["jobs"]) == (0, 0, [])


def test_draining_also_does_what_comes_out_of_what_it_did(home: Home) -> None:
    send_one.enqueue()
    done = drain(Session(home, clock=lambda: AT))
    assert (done["batches"], done["tasks"]) == (1, 1)
    assert {run["job"] for run in done["jobs"]} == {job.name for job in list_jobs()}
    assert not inbox.waits(home)
    assert [one.accepted for one in read_receipts(Lake.open(home))] == [1]
    assert drain(Session(home, clock=lambda: AT))["jobs"] == []


def test_each_job_comes_again_in_its_next_slot(home: Home) -> None:
    ran: list[str] = []
    jobs = tuple(
        Job(every, every, lambda home, *, at, every=every: ran.append(every))  # noqa: ARG005
        for every in ("minutely", "hourly", "daily", "weekly")
    )
    for moved in (timedelta(0), timedelta(seconds=29), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)):
        run_due(home, at=AT + moved, worker="w", jobs=jobs)
    assert [ran.count(job.name) for job in jobs] == [4, 3, 2, 2]  # the first of March 2026 is a Sunday


def test_a_day_begins_in_the_offices_zone() -> None:
    job = Job("daily/x", "daily", lambda *_, **__: None)
    assert job.slot(datetime(2026, 3, 1, 23, 30)) == "2026-03-01"  # noqa: DTZ001


def test_a_job_that_fails_is_told_and_comes_again(home: Home) -> None:
    def fail(home: Home, *, at: datetime) -> str:
        raise RuntimeError(f"{home.path.name} broke at {at:%H:%M}")

    jobs = (Job("minutely/broken", "minutely", fail), Job("minutely/sound", "minutely", lambda *_, **__: "done"))
    broken, sound = run_due(home, at=AT, worker="w", jobs=jobs)
    assert (broken.failed, sound.failed) == (True, False)
    kept = JobRun.objects.get(job="minutely/broken")
    assert "broke at 12:30" in kept.told
    assert "test_jobs.py" in kept.told
    assert kept.ended_at is not None
    assert len(run_due(home, at=AT + timedelta(minutes=1), worker="w", jobs=jobs)) == 2


CLAIMING = """
import sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
from openxmo.office.lib.framework import set_up
set_up(Path(sys.argv[1]))
from openxmo.core.signals.store.home import Home
from openxmo.office.jobs.stopping import Stop
from openxmo.office.jobs.timetable import Job, run_due, worker_name
job = Job("minutely/once", "minutely", lambda home, *, at: print(at.minute, flush=True))
sys.stdin.readline()
for minute in range(20):
    at = datetime(2026, 3, 1, 12, minute, tzinfo=UTC)
    run_due(Home.at(Path(sys.argv[1])), at=at, worker=worker_name(), jobs=(job,))
"""


def test_many_workers_run_a_slot_once(tmp_path: Path) -> None:
    home = make_office(tmp_path / "office")
    command = [sys.executable, "-c", CLAIMING, str(home)]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [worker.communicate(timeout=60) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4, told
    assert sorted(int(line) for out, _ in told for line in out.split()) == list(range(20))


def test_the_slot_of_a_killed_worker_is_taken_over_and_that_of_a_living_one_is_not(home: Home) -> None:  # noqa: ARG001
    job = Job("daily/x", "daily", lambda *_, **__: "done")
    mine = worker_name()
    assert is_alive(mine, since=timedelta(0))
    dead = mine.rpartition(":")[0] + ":1"
    assert not is_alive(dead, since=timedelta(0))
    assert is_alive("elsewhere:1:1", since=timedelta(hours=1))
    for slot, worker, taken in (("a", dead, True), ("b", mine, False), ("c", "elsewhere:1:1", False)):
        JobRun.objects.create(job=job.name, slot=slot, worker=worker, started_at=AT)
        assert (take(job, slot, at=AT, worker="new") is not None) is taken
        assert take(job, slot, at=AT, worker="newer") is None


def test_a_piece_that_fails_rests_and_stops_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    send(home, *answers([9]))
    calls: list[int] = []

    def fail(*_: object, **__: object) -> int:
        calls.append(1)
        raise RuntimeError("no rules today")

    monkeypatch.setattr("openxmo.office.act.opening.open_cases", fail)
    worker = Worker(home, clock=lambda: AT)
    assert worker.turn()["batches"] == 1
    worker.turn()
    assert len(calls) == 1
    worker.resting.clear()
    worker.turn()
    assert len(calls) == 2


def test_a_worker_that_is_told_to_stop_ends_after_the_batch_it_is_at(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        send(home, *answers([9], first=number), at=AT + timedelta(seconds=number))
    worker = Worker(home, clock=lambda: AT)
    looks = iter([True, True, True, False])
    monkeypatch.setattr(worker, "goes_on", lambda: next(looks, False))
    worker.turn()
    assert 1 <= len(read_receipts(Lake.open(home))) < 3


def test_however_much_waits_cases_and_other_writers_have_their_turn(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openxmo.office.jobs.worker.STORES", 0.0)
    looked: list[int] = []

    def look(self: Worker) -> int:
        with writer_lock(self.home, what="another writer", timeout=0):
            looked.append(len(read_receipts(Lake.open(self.home))))
        return 0

    monkeypatch.setattr(Worker, "open_cases", look)
    for number in range(3):
        send(home, *answers([9], first=number), at=AT + timedelta(seconds=number))
    worker = Worker(home, clock=lambda: AT)
    assert [worker.turn()["batches"] for _ in range(4)] == [1, 1, 1, 0]
    assert looked == [1, 2, 3, 3]


def test_a_handler_that_interrupts_the_wait_for_the_next_turn_ends_it() -> None:
    stop = Stop()
    kept = signal.signal(signal.SIGALRM, lambda *_: stop.set())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        begun = time.monotonic()
        stop.wait(30)
        assert time.monotonic() - begun < 15
        assert stop.is_set()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, kept)


def test_a_broken_task_keeps_its_error_and_a_killed_ones_task_waits_again(home: Home) -> None:  # noqa: ARG001
    break_down.enqueue()
    assert queue.run_next(worker_name())
    assert "the task is broken" in DBTaskResult.objects.get().traceback
    assert not queue.waits()
    write_down.enqueue("again")
    row = DBTaskResult.objects.ready().get()
    row.claim(worker_name().rpartition(":")[0] + ":1")
    assert not queue.waits()
    assert queue.put_back_orphans() == 1
    assert queue.run_next(worker_name())
    assert AuditEvent.objects.filter(what="again").count() == 1


def test_retention_takes_away_what_the_office_says(home: Home) -> None:
    old = now() - timedelta(days=40 * 31)
    send(home, *answers([9, 9]), {**answers([9], first=50)[0], "happened_at": old.isoformat()}, at=now())
    inbox.store_waiting(home, at=now())
    record("long ago", by="Lea", at=now() - timedelta(days=800))
    record("lately", by="Lea", at=now() - timedelta(days=600))
    assert len(list(home.raw.iterdir())) == 1
    told = retention.run(home, at=now() + timedelta(days=2))
    assert told == "past their time: 1 answers, 1 lines of the audit"
    retention.run(home, at=now() + timedelta(days=31))
    assert list(home.raw.iterdir()) == []
    assert AuditEvent.objects.filter(what="lately").exists()
    assert not AuditEvent.objects.filter(what="long ago").exists()


def test_rows_of_the_machine_side_go_when_their_time_is_over(home: Home) -> None:
    for hours in (1, 30):
        KeptResponse.objects.create(caller="key:x", key=str(hours), request="", at=AT - timedelta(hours=hours))
    for days in (1, 40):
        JobRun.objects.create(job="x", slot=str(days), worker="w", started_at=AT - timedelta(days=days))
    retention.run(home, at=AT)
    assert [one.key for one in KeptResponse.objects.all()] == ["1"]
    assert [one.slot for one in JobRun.objects.all()] == ["1"]


def test_the_worker_of_this_test_has_a_name_that_says_which_process_it_is() -> None:
    host, process, begun = timetable.worker_name().rsplit(":", 2)
    assert host
    assert process.isdigit()
    assert begun.isdigit()
