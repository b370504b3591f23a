"""Applying an office file: what changes, what stays, what is remembered, and what a fault leaves behind."""

import multiprocessing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from openxmo.core.errors import UnreadableInput
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit
from openxmo.office.govern import store
from openxmo.office.govern.actions import archive, init_office, put
from openxmo.office.govern.changes import Changes
from openxmo.office.govern.erasure import forget_person
from openxmo.office.govern.ledger import audit_file, history_file
from openxmo.office.govern.moving import move_old_files
from openxmo.office.govern.organisation import Person
from openxmo.office.govern.queries import definitions, read_default_office, read_office
from openxmo.office.lib.database import database_of
from openxmo.office.portability.office_file import apply, export, parse_office, write_office
from tests.spec.govern.offices import MONDAY, TUESDAY, WEDNESDAY, new_home

FILE = """
[office]
name = "Northlight"
zone = "Europe/Dublin"

[[dimension]]
key = "late"
link = "issue"
signal = "order_delivered"

[[metric]]
key = "csat"
signal = "csat"
score = { kind = "top_box", top = 4 }
where = { late = "yes" }

[[metric]]
key = "nps"
signal = "nps"
score = { kind = "nps" }

[[xla]]
key = "start"
components = [
    { metric = "csat", kind = "X", low = 0, high = 100, weight = 0.6 },
    { metric = "nps", kind = "X", low = -100, high = 100, weight = 0.4 },
]
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = new_home(tmp_path)
    apply(home, FILE, by="ann", at=MONDAY)
    return home


def test_a_first_apply_adds_everything(tmp_path: Path) -> None:
    changes = apply(new_home(tmp_path), FILE, by="ann", at=MONDAY)
    assert changes.added == {
        "office": ["office"],
        "dimension": ["late"],
        "metric": ["csat", "nps"],
        "xla": ["start"],
    }
    assert (changes.changed, changes.archived, changes.breaks) == ({}, {}, ())


def test_the_same_file_twice_changes_nothing(home: Home) -> None:
    before = store.read_history(home)
    changes = apply(home, FILE, by="bob", at=TUESDAY)
    assert not changes
    assert changes.to_records() == []
    assert store.read_history(home) == before
    assert len(read_audit(home.path)) == 1


def test_export_and_apply_give_the_same_office_in_another_home(home: Home, tmp_path: Path) -> None:
    other = new_home(tmp_path / "other")
    apply(other, export(home), by="ann", at=TUESDAY)
    assert read_office(other) == read_office(home)
    assert export(other) == export(home)
    assert not apply(home, export(home), by="ann", at=TUESDAY)


def test_what_a_file_leaves_out_stays(home: Home) -> None:
    changes = apply(home, '[office]\ncurrency = "GBP"\n', by="ann", at=TUESDAY)
    assert changes.changed == {"office": ["office"]}
    office = read_office(home)
    assert (office.settings.name, office.settings.zone, office.settings.currency) == (
        "Northlight",
        "Europe/Dublin",
        "GBP",
    )
    assert [metric.key for metric in office.metrics] == ["csat", "nps"]


def test_prune_archives_what_a_file_leaves_out_and_it_can_come_back(home: Home) -> None:
    only_nps = '[[metric]]\nkey = "nps"\nsignal = "nps"\nscore = { kind = "nps" }\n'
    changes = apply(home, only_nps, by="ann", at=TUESDAY, prune=True)
    assert changes.archived == {"dimension": ["late"], "metric": ["csat"], "xla": ["start"]}
    assert [metric.key for metric in read_office(home).metrics] == ["nps"]
    back = apply(home, FILE, by="ann", at=WEDNESDAY)
    assert back.added == {"dimension": ["late"], "metric": ["csat"], "xla": ["start"]}
    assert definitions(home).versions["metric:csat"] == 3
    assert "metric:csat" not in definitions(home).breaks


def test_prune_refuses_to_archive_what_something_else_needs(home: Home) -> None:
    without_csat = FILE.replace('key = "csat"', 'key = "csat2"')
    with pytest.raises(UnreadableInput) as caught:
        apply(home, without_csat, by="ann", at=TUESDAY, prune=True)
    assert caught.value.what == '[[xla]] "start": there is no metric "csat", did you mean "csat2"?'
    assert [metric.key for metric in read_office(home).metrics] == ["csat", "nps"]


def test_check_says_what_would_change_and_changes_nothing(home: Home) -> None:
    before = store.read_history(home), len(read_audit(home.path))
    changes = apply(home, FILE.replace("top = 4", "top = 5"), by="ann", at=TUESDAY, check=True)
    assert changes.changed == {"metric": ["csat"], "xla": ["start"]}
    assert changes.to_document()["check"] is True
    assert (store.read_history(home), len(read_audit(home.path))) == before


def test_a_wrong_file_changes_nothing(home: Home) -> None:
    before = export(home)
    with pytest.raises(UnreadableInput):
        apply(home, FILE.replace("top = 4", "top = 5").replace('key = "nps"', 'key = "n p s"'), by="ann", at=TUESDAY)
    assert export(home) == before
    assert definitions(home).versions["metric:csat"] == 1


# VERSIONS AND BREAKS


def versions_after(home: Home, text: str) -> tuple[Changes, dict[str, int]]:
    changes = apply(home, text, by="ann", at=TUESDAY)
    return changes, dict(definitions(home).versions)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("top = 4", "top = 5"),
        ('signal = "csat"', 'signal = "satisfaction"'),
        ('where = { late = "yes" }', 'where = { late = "no" }'),
        ('where = { late = "yes" }', 'where = { late = "yes" }\nonce_per = "issue"'),
        ('where = { late = "yes" }', 'where = { late = "yes" }\npick = "first"'),
    ],
)
def test_a_changed_score_or_selector_breaks_the_series(home: Home, old: str, new: str) -> None:
    changes, versions = versions_after(home, FILE.replace(old, new))
    assert changes.breaks == ("metric:csat", "xla:start")
    assert versions["metric:csat"] == 2
    assert definitions(home).breaks == {"metric:csat": ("2026-03-03",), "xla:start": ("2026-03-03",)}
    assert versions["metric:nps"] == 1


def test_a_changed_label_is_a_new_version_and_no_break(home: Home) -> None:
    changes, versions = versions_after(
        home, FILE + '\n[[metric]]\nkey = "ces"\nsignal = "ces"\nscore = { kind = "mean" }'
    )
    assert (changes.added, changes.changed) == ({"metric": ["ces"]}, {})
    changes, versions = versions_after(home, FILE.replace('key = "csat"', 'key = "csat"\nlabel = "Satisfied"'))
    assert changes.to_records() == [
        {"change": "changed", "kind": "metric", "key": "csat", "version": 2, "broke": False, "note": "label"}
    ]
    assert versions["metric:csat"] == 2
    assert definitions(home).breaks == {}


def test_a_changed_dimension_breaks_the_metrics_that_select_by_it(home: Home) -> None:
    changes, versions = versions_after(home, FILE.replace('link = "issue"', 'link = "contact"'))
    assert changes.breaks == ("dimension:late", "metric:csat", "xla:start")
    notes = {row["key"]: row["note"] for row in changes.to_records()}
    assert notes["csat"] == "its series breaks here, with dimension:late"
    assert versions["metric:csat"] == 2


def test_a_break_falls_on_the_day_of_the_offices_zone(home: Home) -> None:
    late = MONDAY.replace(month=7, hour=23, minute=30)  # 00:30 of the next day in Dublin
    apply(home, FILE.replace("top = 4", "top = 5"), by="ann", at=late)
    assert definitions(home).breaks["metric:csat"] == ("2026-07-03",)


def test_the_office_is_known_as_it_was_at_a_moment(home: Home) -> None:
    apply(home, FILE.replace("top = 4", "top = 5"), by="bob", at=WEDNESDAY)
    before, after = definitions(home, known_at=TUESDAY), definitions(home)
    assert (before.metrics["csat"].score.top, after.metrics["csat"].score.top) == (4, 5)
    assert (before.versions["metric:csat"], after.versions["metric:csat"]) == (1, 2)
    assert before.breaks == {}
    assert definitions(home, known_at=MONDAY - timedelta(seconds=1)).metrics == {}


def test_every_version_has_an_author_and_a_date(home: Home) -> None:
    apply(home, FILE.replace("top = 4", "top = 5"), by="bob", at=TUESDAY)
    standing = store.read_standings(home)["metric", "csat"]
    assert (standing.version, standing.by, standing.at) == (2, "bob", TUESDAY)
    assert [(change.by, change.at) for change in store.read_history(home)] == [("ann", MONDAY), ("bob", TUESDAY)]


def test_true_and_one_are_different_conditions(home: Home) -> None:
    yes = FILE.replace('late = "yes"', '"attrs.first" = true')
    apply(home, yes, by="ann", at=TUESDAY)
    assert apply(home, yes.replace("true", "1"), by="ann", at=WEDNESDAY).changed["metric"] == ["csat"]


def test_a_default_said_or_left_out_is_the_same(home: Home) -> None:
    said = FILE.replace('kind = "nps" }', 'kind = "nps" }\nmin_n = 30\nbetter = "higher"\ninclude_inferred = false')
    assert not apply(home, said + "good = 75.0\n", by="ann", at=TUESDAY)


# SINGLE OBJECTS


def test_one_object_can_be_put_and_archived(home: Home) -> None:
    ces = Metric(key="ces", signal="ces", score=Score(kind="mean"))
    assert put(home, ces, by="ann", at=TUESDAY).added == {"metric": ["ces"]}
    assert definitions(home).metrics["ces"] == ces
    assert archive(home, "metric", "ces", by="ann", at=WEDNESDAY).archived == {"metric": ["ces"]}
    assert "ces" not in definitions(home).metrics


def test_an_object_made_in_python_is_held_to_the_same_rules(home: Home) -> None:
    with pytest.raises(UnreadableInput, match='"n p s" must be a small letter'):
        put(home, Metric(key="n p s", signal="x", score=Score(kind="mean")), by="ann", at=TUESDAY)
    ints = Metric(key="ints", signal="x", score=Score(kind="mean"), where={"value": 1})
    assert put(home, ints, by="ann", at=TUESDAY)
    assert not put(home, ints, by="ann", at=TUESDAY)


def test_changes_are_audited_by_their_number(home: Home) -> None:
    put(home, Person(name="cy", roles=("analyst",)), by="ann", at=TUESDAY)
    entries = read_audit(home.path)
    assert [(entry.by, entry.at, entry.what, entry.on) for entry in entries] == [
        ("ann", MONDAY, "office changed", ["office:1"]),
        ("ann", TUESDAY, "office changed", ["office:2"]),
    ]


# A NEW OFFICE


def test_a_new_office_has_the_defaults_and_a_second_init_changes_nothing(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    assert init_office(home, at=MONDAY) is True
    assert read_office(home) == read_default_office()
    put(home, Metric(key="mine", signal="x", score=Score(kind="mean")), by="ann", at=TUESDAY)
    before = store.read_history(home)
    assert init_office(home, at=WEDNESDAY) is False
    assert store.read_history(home) == before


def test_the_default_office_comes_back_from_its_export(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    init_office(home, at=MONDAY)
    assert parse_office(export(home)) == read_default_office()
    assert not apply(home, export(home), by="ann", at=TUESDAY, prune=True)


# FAULTS


def test_what_one_process_changed_another_reads_at_once(home: Home) -> None:
    read_office(home)
    writer = multiprocessing.get_context("spawn").Process(target=add_metric, args=(home.path, 7))
    writer.start()
    writer.join(timeout=60)
    assert "m7" in definitions(home).metrics


def test_reading_again_costs_one_row(home: Home) -> None:
    definitions(home)
    with CaptureQueriesContext(connections[database_of(home.path)]) as asked:
        definitions(home)
    assert len(asked) == 1


def test_an_object_of_a_newer_version_is_refused_in_a_sentence(home: Home) -> None:
    alter(home, "UPDATE govern_officeversion SET kind = 'wish' WHERE kind = 'xla'")
    with pytest.raises(UnreadableInput, match="does not know: wish"):
        read_office(home)


def alter(home: Home, statement: str) -> None:
    """Change rows behind the office's back, as another version might have written them."""
    with connections[database_of(home.path)].cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("UPDATE govern_officechange SET stamp = 'altered' || number")


def test_a_full_disk_is_told_in_a_sentence_and_leaves_the_office_as_it_was(home: Home) -> None:
    before = store.read_history(home)
    with connections[database_of(home.path)].cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
        with pytest.raises(UnreadableInput, match="cannot be written: database or disk is full"):
            apply(home, FILE + MANY, by="ann", at=TUESDAY)
        cursor.execute("PRAGMA max_page_count=4294967294")
    assert store.read_history(home) == before
    assert len(read_audit(home.path)) == 1
    assert apply(home, FILE + MANY, by="ann", at=TUESDAY).added["unit"] == ["long"]


MANY = f"""
[[unit]]
key = "long"
label = "{"x" * 100_000}"
"""


def add_metric(folder: Path, number: int) -> None:
    metric = Metric(key=f"m{number}", signal="x", score=Score(kind="mean"))
    put(Home.at(folder), metric, by=f"writer-{number}", at=MONDAY + timedelta(minutes=number))


def test_writers_at_the_same_time_lose_nothing(home: Home) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=add_metric, args=(home.path, number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert {f"m{number}" for number in range(4)} <= set(definitions(home).metrics)
    assert [change.number for change in store.read_history(home)] == [1, 2, 3, 4, 5]
    assert len(read_audit(home.path)) == 5


# ERASURE


def test_an_erased_person_is_in_no_byte_of_the_office(home: Home) -> None:
    people = (
        Person(name="dora-quint", roles=("agent",), agent="agent-4711"),
        Person(name="eve", roles=("survey_architect", "validation_expert"), second_reader="dora-quint"),
    )
    put(home, *people, by="ann", at=TUESDAY)
    owned = Metric(
        key="mine",
        signal="x",
        score=Score(kind="mean"),
        owner="dora-quint",
        where={"agent": "agent-4711"},
        weakness="Only dora-quint knows.",
    )
    put(home, owned, by="dora-quint", at=TUESDAY)
    assert forget_person(home, "agent-4711", by="ann", at=WEDNESDAY) == 3
    written = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert b"dora-quint" not in written
    assert b"agent-4711" not in written
    office = read_office(home)
    assert [person.name for person in office.people] == ["eve"]
    mine = definitions(home).metrics["mine"]
    assert (mine.owner, mine.weakness) == ("(erased)", "Only (erased) knows.")
    assert not apply(home, write_office(office), by="ann", at=WEDNESDAY)
    assert forget_person(home, "nobody", by="ann", at=WEDNESDAY) == 0


# OFFICES OF OLDER VERSIONS


def test_an_office_whose_changes_lie_in_files_is_moved_by_an_upgrade(home: Home, tmp_path: Path) -> None:
    apply(home, FILE.replace("top = 4", "top = 5"), by="bob", at=TUESDAY)
    old = new_home(tmp_path / "old")
    lines = [msgspec.json.encode(change) for change in store.read_history(home)]
    history_file(old).write_bytes(b"\n".join(lines) + b'\n{"at":"torn')
    audit_file(old).parent.mkdir()
    audit_file(old).write_bytes(b'{"at":"2026-03-02T09:00:00Z","by":"ann","what":"import","on":["receipt:1"]}\n')
    with pytest.raises(UnreadableInput, match="made by an older OpenXMO"):
        read_office(old)
    assert move_old_files(old) == 3
    assert store.read_history(old) == store.read_history(home)
    assert definitions(old) == definitions(home)
    assert [(row.by, row.on) for row in read_audit(old.path)] == [("ann", ["receipt:1"])]
    assert not history_file(old).exists()
    assert not audit_file(old).exists()


def test_a_move_that_was_killed_before_the_files_went_is_done_again(home: Home) -> None:
    lines = [msgspec.json.encode(change) for change in store.read_history(home)]
    history_file(home).write_bytes(b"\n".join(lines) + b"\n")
    assert move_old_files(home) == 1
    assert [change.number for change in store.read_history(home)] == [1]


def test_a_damaged_line_is_named_and_nothing_is_moved(tmp_path: Path) -> None:
    old = new_home(tmp_path)
    history_file(old).write_bytes(b"{broken}\n")
    with pytest.raises(UnreadableInput, match=r"Line 1 of a file of the office is damaged"):
        move_old_files(old)
    assert history_file(old).exists()
