"""What the office remembers of its answers, also after a crash and between two who ask at once."""

import threading
from pathlib import Path

import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.release import FileHistory, release
from openxmo.core.release.known import Known
from tests.cast import ADA
from tests.spec.release.results import AT, DECLARED, Cells, cell, shown

SUBJECT = "subject-4711"


def ask(history: FileHistory, people: range, metric: str = "enps") -> list[str]:
    return shown(release(Cells((cell(people, metric=metric),)), ADA, history=history, at=AT, rules=DECLARED).result)


def test_a_later_process_knows_what_an_earlier_one_told(tmp_path: Path) -> None:
    assert ask(FileHistory(tmp_path / "releases"), range(30)) == ["all"]
    assert ask(FileHistory(tmp_path / "releases"), range(29)) == []
    assert ask(FileHistory(tmp_path / "releases"), range(30)) == ["all"]


def test_the_same_answer_is_remembered_once(tmp_path: Path) -> None:
    history = FileHistory(tmp_path)
    for _ in range(3):
        ask(history, range(30))
    assert history.told("enps") == [Known((("2026-01", frozenset(range(30))),), 30)]
    assert len((tmp_path / "enps.ndjson").read_text().splitlines()) == 1


def test_hashes_of_any_size_come_back(tmp_path: Path) -> None:
    history, people = FileHistory(tmp_path), frozenset({0, 1, 2**63 - 1, 2**62 + 12345})
    with history.opened() as memory:
        memory.add("enps", [Known((("..9999-99", people),), 7)], at=AT)
    assert history.told("enps") == [Known((("..9999-99", people),), 7)]


def test_a_line_cut_off_by_a_crash_was_never_told_and_is_written_over(tmp_path: Path) -> None:
    history = FileHistory(tmp_path)
    ask(history, range(30))
    path = tmp_path / "enps.ndjson"
    path.write_bytes(path.read_bytes() + b'{"at": "2026-11-01T00:00:00+00:00", "n": 4')
    assert ask(history, range(40, 70)) == ["all"]
    assert [total.n for total in history.told("enps")] == [30, 30]


def test_a_spoilt_memory_shows_nothing_rather_than_too_much(tmp_path: Path) -> None:
    history = FileHistory(tmp_path)
    ask(history, range(30))
    path = tmp_path / "enps.ndjson"
    path.write_bytes(b"rubbish\n" + path.read_bytes())
    with pytest.raises(UnreadableInput, match="nothing about employees"):
        ask(history, range(30))


def test_a_metric_of_any_name_has_a_file_inside_the_folder(tmp_path: Path) -> None:
    history = FileHistory(tmp_path / "releases")
    assert ask(history, range(30), metric="../../etc/passwd") == ["all"]
    assert ask(history, range(29), metric="../../etc/passwd") == []
    assert [path.name for path in tmp_path.iterdir()] == ["releases"]


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "releases").write_text("a file")
    with pytest.raises(UnreadableInput, match="cannot be written"):
        ask(FileHistory(tmp_path / "releases"), range(30))


def test_a_full_memory_tells_only_what_it_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openxmo.core.release.withholding.MOST_REMEMBERED", 2)
    history = FileHistory(tmp_path)
    assert ask(history, range(30)) == ["all"]
    assert ask(history, range(30, 60)) == ["all"]
    assert ask(history, range(60, 90)) == []
    assert ask(history, range(30)) == ["all"]


def test_of_many_who_ask_at_once_only_one_is_told_what_together_would_be_too_much(tmp_path: Path) -> None:
    told: list[int] = []

    def look(size: int) -> None:
        if ask(FileHistory(tmp_path), range(size)):
            told.append(size)

    threads = [threading.Thread(target=look, args=(size,)) for size in range(30, 39)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
