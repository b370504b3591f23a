"""Back up, restore, and refuse what is broken or in the way."""

import json
import shutil
import stat
import threading
import time
from pathlib import Path

import pytest

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.backup import backup, restore
from openxmo.core.signals.keeping.erasure import erase
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, read_receipts, verify_chain
from openxmo.core.signals.store.tombstones import tombstone_file
from tests.spec.signals.lakes import add, day, make_lake, rows_read, signal

PERSON = "person-to-be-erased"


def take(lake: Lake, folder: Path, *subjects: str) -> Receipt:
    path = folder / "answers.ndjson"
    rows = [
        {"id": f"a{number}", "source": "survey", "kind": "O", "name": "contact", "happened_at": "2026-01-05T00:00:00Z"}
        | {"subject": subject, "text": f"words of {subject}"}
        for number, subject in enumerate(subjects)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return import_files(lake, [path], source=None, mapping=None, sources={}, by="ann", at=day(6, 1))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = make_lake(tmp_path)
    take(made, tmp_path, "s1", PERSON, "s3")
    (made.home.office / "office.toml").write_text('name = "Here"\n')
    return made


def subjects(lake: Lake) -> list[str]:
    engine = DuckdbEngine(lake)
    found: list[str] = engine.fetch(read_signals(engine).select("subject").order_by("subject"))["subject"].to_pylist()
    return found


def no_byte_of(person: str, folder: Path) -> bool:
    return not any(person.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["office.tar.zst", "office.tar.gz", "office.tar"])
def test_a_restored_office_is_the_office_that_was_backed_up(lake: Lake, tmp_path: Path, name: str) -> None:
    done = backup(lake, tmp_path / "kept" / name, at=day(6, 2))
    assert done.lake_version == lake.version
    assert done.bytes == (tmp_path / "kept" / name).stat().st_size
    restored = restore(done.file, Home.at(tmp_path / "again"), by="ann", at=day(6, 3))
    again = Lake.open(restored.home)
    assert (restored.signals, restored.lake_version, restored.erased) == (3, lake.version, None)
    assert subjects(again) == subjects(lake)
    assert read_receipts(again) == read_receipts(lake)
    assert again.key("x") == lake.key("x")
    assert (again.home.office / "office.toml").read_text() == 'name = "Here"\n'
    assert take(again, tmp_path, "s1", PERSON, "s3").duplicates == 3  # it goes on where it was
    assert verify_chain(read_receipts(again)) == []


def test_nobody_else_on_the_machine_reads_an_office_or_its_backup(lake: Lake, tmp_path: Path) -> None:
    """Whatever the umask of whoever made them: the backup holds the office's keys."""
    done = backup(lake, tmp_path / "office.tar.zst", at=day(6, 2))
    again = restore(done.file, Home.at(tmp_path / "again"), by="ann", at=day(6, 3)).home
    open_to_others = stat.S_IRWXG | stat.S_IRWXO
    assert not done.file.stat().st_mode & open_to_others
    for home in (lake.home, again):
        assert [one.name for one in home.path.iterdir() if one.is_dir() and one.stat().st_mode & open_to_others] == []


def test_files_that_are_no_part_of_the_lake_are_left_out(lake: Lake, tmp_path: Path) -> None:
    (lake.home.lake / "signals" / "month=2026-01" / "left.parquet").write_bytes(b"left by a kill")
    (lake.home.staging / "half").write_bytes(b"rubbish")
    done = backup(lake, tmp_path / "office.tar", at=day(6, 2))
    content = done.file.read_bytes()
    assert b"left by a kill" not in content
    assert b"rubbish" not in content


def test_a_backup_while_others_write_is_of_one_moment(lake: Lake, tmp_path: Path) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        row = 1 << 40
        while not stop.is_set():
            with writing(lake.home):
                add(lake, signal(row, day(1)), signal(row + 1, day(2)))
            row += 2
            time.sleep(0.1)  # or nobody else would ever get the lock

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        done = backup(lake, tmp_path / "office.tar", at=day(6, 2))
    finally:
        stop.set()
        writer.join()
    restored = restore(done.file, Home.at(tmp_path / "again"), by="ann", at=day(6, 3))
    assert restored.lake_version == done.lake_version
    assert len(rows_read(DuckdbEngine(Lake.open(restored.home)))) % 2 == 1  # 3 and whole pairs


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(lake: Lake, tmp_path: Path) -> None:
    done = backup(lake, tmp_path / "office.tar", at=day(6, 2))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with pytest.raises(WrongUsage, match="into an empty folder"):
        restore(done.file, Home.at(tmp_path / "full"), by="ann", at=day(6, 3))
    with pytest.raises(WrongUsage, match="into an empty folder"):
        restore(done.file, lake.home, by="ann", at=day(6, 3))
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]


def test_a_backup_is_never_written_over_another(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "office.tar").write_text("the one we need")
    with pytest.raises(WrongUsage, match="There is a file of that name"):
        backup(lake, tmp_path / "office.tar", at=day(6, 2))
    assert (tmp_path / "office.tar").read_text() == "the one we need"


@pytest.mark.parametrize(
    ("name", "harm"),
    [("a.tar.zst", "cut"), ("a.tar.zst", "flip"), ("a.tar.gz", "cut"), ("a.tar", "flip"), ("a.tar", "nonsense")],
)
def test_a_broken_backup_is_refused_and_nothing_is_left(lake: Lake, tmp_path: Path, harm: str, name: str) -> None:
    done = backup(lake, tmp_path / name, at=day(6, 2))
    content = bytearray(done.file.read_bytes())
    if harm == "cut":
        content = content[: len(content) * 2 // 3]
    elif harm == "flip":
        place = content.find(b"PAR1") if name.endswith("tar") else len(content) // 2
        content[place + 40] ^= 0xFF
    else:
        content = bytearray(b"no backup at all" * 100)
    done.file.write_bytes(content)
    with pytest.raises(UnreadableInput, match="The backup cannot be restored"):
        restore(done.file, Home.at(tmp_path / "again"), by="ann", at=day(6, 3))
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".*restoring*"))


def test_a_backup_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="There is no such file"):
        restore(tmp_path / "none.tar", Home.at(tmp_path / "again"), by="ann", at=day(6, 3))


def test_a_restore_killed_on_the_way_leaves_the_target_free(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = backup(lake, tmp_path / "office.tar", at=day(6, 2))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("openxmo.core.signals.keeping.backup.move", die)
        with pytest.raises(KeyboardInterrupt):
            restore(done.file, Home.at(tmp_path / "again"), by="ann", at=day(6, 3))
    assert not (tmp_path / "again").exists()
    assert restore(done.file, Home.at(tmp_path / "again"), by="ann", at=day(6, 3)).signals == 3


@pytest.mark.parametrize("carried", ["beside", "in the target"])
def test_an_older_backup_brings_no_erased_person_back(lake: Lake, tmp_path: Path, carried: str) -> None:
    done = backup(lake, tmp_path / "office.tar", at=day(6, 2))
    erase(lake, PERSON, sources={}, by="officer", at=day(6, 3))
    target = Home.at(tmp_path / "again")
    if carried == "beside":
        later = [tombstone_file(lake.home)]
    else:
        later = []
        tombstone_file(target).parent.mkdir(parents=True)
        shutil.copy(tombstone_file(lake.home), tombstone_file(target))
    restored = restore(done.file, target, by="ann", at=day(6, 4), tombstones_from=later)
    assert restored.erased is not None
    assert restored.erased.signals_erased == 1
    assert no_byte_of(PERSON, target.path)
    again = Lake.open(target)
    assert subjects(again) == ["s1", "s3"]
    assert take(again, tmp_path, "s1", PERSON, "s3").reasons == {"erased": 1}
    assert no_byte_of(PERSON, target.path)


def test_a_backup_after_an_erasure_holds_no_byte_of_the_person(lake: Lake, tmp_path: Path) -> None:
    erase(lake, PERSON, sources={}, by="officer", at=day(6, 3))
    done = backup(lake, tmp_path / "office.tar", at=day(6, 4))
    assert PERSON.encode() not in done.file.read_bytes()


@pytest.mark.parametrize("folder", ["", "exports", "backups/2026"])
def test_a_backup_inside_the_office_is_refused(lake: Lake, folder: str) -> None:
    file = lake.home.path / folder / "all.tar.zst"
    with pytest.raises(WrongUsage, match="inside the office"):
        backup(lake, file, at=day(6, 2))
    assert not file.exists()
