"""Turns at a lake of an object store, as rows: one at a time, over when not renewed, told to whoever waits."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import silent
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.lakes import open_lake
from openxmo.office.govern.leases import DatabaseLease
from openxmo.office.govern.models import WriterLease

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "s3://bucket/office"


def lease(home: Home, lasts: float = 60.0) -> DatabaseLease:
    return DatabaseLease(home.path, ADDRESS, lasts=lasts)


def take(one: DatabaseLease, *, holder: str = "", timeout: float = 0.0, what: str = "an import") -> bool:
    return one.take(what=what, holder=holder, timeout=timeout, progress=silent)


def test_a_turn_is_one_writers_until_it_is_given_up(home: Home) -> None:
    first, second = lease(home), lease(home)
    assert take(first, what="xmo worker for Ann Example") is False
    with pytest.raises(UnreadableInput, match=r"Another writer is at work \(xmo worker\), and 0 seconds"):
        take(second)
    assert first.renew()
    assert not second.renew()
    first.release()
    assert not first.renew()
    assert take(second) is False
    second.release()
    row = WriterLease.objects.get()
    assert (row.lake, row.token, row.holder, row.what, row.until) == (ADDRESS, 2, "", "", None)


def test_a_turn_that_is_not_renewed_runs_out_and_whoever_comes_next_is_told_so(home: Home) -> None:
    first, second = lease(home), lease(home)
    take(first)
    WriterLease.objects.update(until=timezone.now() - timedelta(seconds=1))  # as after a minute without an answer
    assert not first.renew()
    assert take(second) is True
    assert not first.renew()
    first.release()  # the other's turn goes on
    assert second.renew()
    second.release()


def test_a_turn_that_is_given_up_while_somebody_looks_was_not_left_open(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = lease(home), lease(home)
    take(first)
    look = QuerySet.get_or_create

    def look_and_see_it_go(rows: Any, **named: Any) -> Any:
        found = look(rows, **named)
        first.release()
        return found

    monkeypatch.setattr(QuerySet, "get_or_create", look_and_see_it_go)
    assert take(second) is False
    second.release()


def test_a_turn_is_renewed_as_long_as_it_is_held(home: Home) -> None:
    first, second = lease(home, lasts=0.8), lease(home)
    take(first)
    with pytest.raises(UnreadableInput, match="Another writer"):
        take(second, timeout=2.0)
    assert first.renew()
    first.release()


def test_the_same_home_on_the_same_machine_need_not_wait_for_one_that_died(home: Home) -> None:
    died, elsewhere, again = lease(home), lease(home), lease(home)
    take(died, holder="boot:1:2")
    with pytest.raises(UnreadableInput, match="Another writer"):
        take(elsewhere, holder="another:1:2")
    assert take(again, holder="boot:1:2") is True
    assert not died.renew()
    died.release()
    again.release()


def test_a_turn_that_is_left_open_is_followed_by_the_same_home_at_once_and_by_others_when_it_is_over(
    home: Home,
) -> None:
    first, elsewhere, again = lease(home, lasts=1.0), lease(home), lease(home)
    take(first, holder="boot:1:2")
    first.release(left_open=True)
    assert not first.renew()
    assert take(again, holder="boot:1:2") is True
    again.release(left_open=False)
    take(first, holder="boot:1:2")
    first.release(left_open=True)
    assert take(elsewhere, holder="another:1:2", timeout=20) is True
    elsewhere.release()


def test_whoever_waits_gets_it_when_the_other_is_done(home: Home) -> None:
    first, second = lease(home), lease(home)
    take(first)
    told: list[str] = []

    def telling(step: str, done: int, total: int | None) -> None:
        del done, total
        told.append(step)

    threading.Timer(0.7, first.release).start()
    began = time.monotonic()
    second.take(what="b", holder="", timeout=30, progress=telling)
    assert time.monotonic() - began < 10
    assert told[0] == "waiting for another writer (an import)"
    second.release()


def test_a_turn_does_not_hang_on_what_becomes_of_the_callers_rows(home: Home) -> None:
    one = lease(home)
    take(one)
    with transaction.atomic():
        list(WriterLease.objects.all())
        transaction.set_rollback(True)
    assert one.renew()
    one.release()


def test_a_lake_on_the_local_disk_has_no_turns(home: Home) -> None:
    assert open_lake(home).turn is None
    assert not WriterLease.objects.exists()
