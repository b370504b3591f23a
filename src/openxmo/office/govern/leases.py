"""Turns at a lake that lies at an object store: one row in the database, whose clock alone counts.

Everything here runs in threads of its own, each with its own connection: a turn is taken, renewed and
given up whatever transaction the caller is in.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Now

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress
from openxmo.office.govern.models import WriterLease
from openxmo.office.lib.database import database_of

LASTS = 60.0  # seconds until a turn that is not renewed is over
RENEWALS = 4  # in that time
STEP = 0.5  # seconds between two tries
T = TypeVar("T")


class DatabaseLease:
    """See `Lease`."""

    def __init__(self, home: Path, address: str, *, lasts: float = LASTS) -> None:
        self.address = address
        self._home = home
        self._lasts = lasts
        self._token: int | None = None
        self._ended = threading.Event()
        self._renewing: threading.Thread | None = None

    def take(self, *, what: str, holder: str, timeout: float, progress: Progress) -> bool:
        began = time.monotonic()
        while True:
            token, left_open = apart(partial(self._try, what, holder))
            if token is not None:
                self._begin(token)
                return left_open
            waited = time.monotonic() - began
            if waited >= timeout:
                raise UnreadableInput(
                    f"Another writer is at work ({apart(self._tell)}), and {timeout:g} seconds were not enough.",
                    where=self.address,
                    mend="Wait until it is done and do the same again.",
                )
            progress(f"waiting for another writer ({apart(self._tell)})", int(waited), None)
            time.sleep(STEP)

    def renew(self) -> bool:
        return self._token is not None and apart(partial(self._extend, self._token))

    def release(self, *, left_open: bool = False) -> None:
        self._ended.set()
        if self._renewing is not None:
            self._renewing.join()
        token, self._token = self._token, None
        if token is not None and not left_open:
            apart(lambda: self._mine(token).update(until=None, holder="", what=""))

    def _try(self, what: str, holder: str) -> tuple[int | None, bool]:
        """The token of a turn, and whether the turn before was not given up; no token while it is another's."""
        rows = WriterLease.objects.using(self._alias)
        row, _ = rows.get_or_create(lake=self.address)
        token, kept = row.token + 1, rows.filter(lake=self.address, token=row.token)
        mine = {"token": token, "holder": holder, "what": what.partition(" for ")[0][:100], "until": self._end()}
        if kept.filter(until=None).update(**mine):  # asked by itself: it may have been given up since it was read
            return token, False
        over = Q(until__lt=Now()) | (Q(holder=holder) if holder else Q())
        return (token, True) if kept.filter(over).update(**mine) else (None, False)

    def _extend(self, token: int) -> bool:
        return bool(self._mine(token).filter(until__gte=Now()).update(until=self._end()))

    def _mine(self, token: int) -> models.QuerySet[WriterLease]:
        return WriterLease.objects.using(self._alias).filter(lake=self.address, token=token)

    def _end(self) -> models.Expression:
        return models.ExpressionWrapper(Now() + timedelta(seconds=self._lasts), models.DateTimeField())

    def _tell(self) -> str:
        row = WriterLease.objects.using(self._alias).filter(lake=self.address).first()
        return row.what if row is not None and row.what else "it has not said what it does"

    @property
    def _alias(self) -> str:
        return database_of(self._home)

    def _begin(self, token: int) -> None:
        self._token = token
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._keep, args=(token, self._ended), daemon=True)
        self._renewing.start()

    def _keep(self, token: int, ended: threading.Event) -> None:
        """Goes on where the database does not answer for once: the turn runs out by itself."""
        while not ended.wait(self._lasts / RENEWALS):
            try:
                if not apart(partial(self._extend, token)):
                    return
            except Exception:
                continue


def apart(deed: Callable[[], T]) -> T:
    """What the deed returns or raises, in a thread with connections of its own."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(deed())
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]
