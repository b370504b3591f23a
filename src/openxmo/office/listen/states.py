"""The states of an import, and which one may follow which."""

from enum import StrEnum

from django.utils.translation import gettext_lazy


class ImportState(StrEnum):
    OPEN = "open"  # questions are open, or the answers are being looked at
    WAITING = "waiting"  # for the worker
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(state.value, state.value) for state in cls]


LABELS = {
    ImportState.OPEN: gettext_lazy("not stored yet"),
    ImportState.WAITING: gettext_lazy("waiting for its turn"),
    ImportState.RUNNING: gettext_lazy("being stored"),
    ImportState.DONE: gettext_lazy("stored"),
    ImportState.STOPPED: gettext_lazy("stopped, nothing stored"),
    ImportState.FAILED: gettext_lazy("failed, nothing stored"),
}
TONES = {ImportState.DONE: "better", ImportState.FAILED: "worse", ImportState.RUNNING: "info"}

NEXT: dict[ImportState, frozenset[ImportState]] = {
    ImportState.OPEN: frozenset({ImportState.WAITING}),
    ImportState.WAITING: frozenset({ImportState.RUNNING, ImportState.STOPPED}),
    # A worker that was killed leaves RUNNING behind: the next one goes on with it.
    ImportState.RUNNING: frozenset({ImportState.RUNNING, ImportState.DONE, ImportState.STOPPED, ImportState.FAILED}),
    ImportState.STOPPED: frozenset({ImportState.WAITING}),
    ImportState.FAILED: frozenset({ImportState.WAITING}),
    ImportState.DONE: frozenset(),
}


def may_follow(state: str, following: ImportState) -> bool:
    return following in NEXT[ImportState(state)]
