"""After an erasure no byte under the home tells of the person, and nothing brings them back."""

import gzip
import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.compaction import compact
from openxmo.core.signals.keeping.erasure import erase, erase_again
from openxmo.core.signals.keeping.marks import mark_signals
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.source import Source
from openxmo.core.signals.store import tombstones
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, read_receipts, verify_chain
from openxmo.core.signals.store.tables import ENRICHMENTS, IDENTITIES, SIGNALS
from tests.spec.signals.lakes import day, make_lake

PERSON = "kunde-Zoë-4711"
WORDS = ["unmistakable marmalade", "forty-two purple ferries", "whispering turbine"]
SOURCES = {"desk": Source(key="desk", amends=True)}

Row = dict[str, Any]


def row(number: int, **more: Any) -> Row:
    made = {"id": f"n{number}", "source": "desk", "kind": "X", "name": "csat", "value": 4, "scale": "1..5"}
    return made | {"happened_at": f"2026-0{1 + number % 4}-05T10:00:00Z"} | more


OWN = [
    row(1, subject=PERSON, subject_kind="customer", response="resp-zebra-1", text=WORDS[0], attrs={"note": WORDS[2]}),
    row(2, subject=PERSON, subject_kind="customer", revision=1, text=WORDS[1]),
    row(2, subject=PERSON, subject_kind="customer", revision=2, text=WORDS[1] + "!"),
    row(3, response="resp-zebra-1", text=WORDS[2]),  # the same answer, without the key
]
OTHERS = [
    row(10, subject="other-1", text="all is well"),
    row(11, subject="other-2", about=f"customer:{PERSON}", text="about a neighbour"),
    row(
        12,
        subject="other-3",
        agent=PERSON,
        objects=[f"customer:{PERSON}", "order:7"],
        attrs={"by": PERSON, "plan": "a"},
    ),
    row(13, subject="other-4", account=PERSON, excluded="test", excluded_by=PERSON),
    row(14, subject="other-5", text=f"I know {PERSON}, they said so"),
    row(15, subject="other-6", text="kunde-Zoë-47110 is someone else"),
]


def write_lines(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")
    return path


def take(lake: Lake, path: Path, hour: int) -> Receipt:
    return import_files(
        lake, [path], source=None, mapping=None, sources=SOURCES, by="ann", at=day(6, 1) + timedelta(hours=hour)
    )


@pytest.fixture
def lake(filled: Path, tmp_path: Path) -> Lake:
    """A copy of the filled office and of the files it was made from."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return Lake.open(Home.at(tmp_path / "home"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Imported twice (so the rejects hold conflicts), amended, marked, enriched, merged, exported, compacted."""
    tmp_path = tmp_path_factory.mktemp("filled")
    made = make_lake(tmp_path)
    take(made, write_lines(tmp_path / "first.ndjson", [*OWN, *OTHERS]), 1)
    packed = tmp_path / "packed.ndjson.gz"
    packed.write_bytes(gzip.compress("".join(json.dumps(one) + "\n" for one in [*OWN, *OTHERS]).encode()))
    take(made, packed, 2)
    bad = [
        {"id": "x", "who": PERSON, "text": WORDS[0]},
        row(30, subject=PERSON, happened_at="yesterday", text=WORDS[1]),
    ]
    take(made, write_lines(tmp_path / "bad.ndjson", [*bad, row(31, subject="other-7")]), 3)
    rows = {line["id"]: line["row"] for line in standing(made)}
    mark_signals(made, mark="spam", rows=[rows["n1"], rows["n10"]], by="ann", at=day(6, 3))
    enrich(made, [rows["n1"], rows["n10"]])
    person = {"from_at": day(6, 3), "to_at": None, "merged_by": "ann"}
    merged = [
        {"subject": PERSON, "person": "p-1", **person},
        {"subject": "other-key-of-zoe", "person": "p-1", **person},
    ]
    made.append(IDENTITIES, pa.Table.from_pylist(merged, schema=IDENTITIES.schema))
    write_lines(made.home.exports / "all.ndjson", OWN)
    (made.home.exports / "others.csv").write_text("id\nn10\n")
    pq.write_table(pa.table({"subject": [PERSON]}), made.home.exports / "sealed.parquet")
    (made.home.staging / "left.ndjson").write_text(PERSON)
    with writing(made.home):
        compact(made, at=day(6, 4), everything=True)
    take(made, write_lines(tmp_path / "late.ndjson", [row(20, subject=PERSON, text=WORDS[2])]), 80)
    return tmp_path


def enrich(lake: Lake, rows: list[int]) -> None:
    lines = [
        {"row": one, "month": "2026-02", "what": "theme", "label": "price", "enriched_at": day(6, 3)} for one in rows
    ]
    lake.append(ENRICHMENTS, pa.Table.from_pylist(lines, schema=ENRICHMENTS.schema))


def standing(lake: Lake) -> list[Row]:
    engine = DuckdbEngine(lake)
    found: list[Row] = engine.fetch(read_signals(engine).order_by("id")).to_pylist()
    return found


def everything_under(folder: Path) -> str:
    """Every byte of every file, gzip unpacked, every value of every Parquet file and its own statistics."""
    seen = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        seen += [str(path), path.read_bytes().decode(errors="replace")]
        if path.read_bytes()[:2] == b"\x1f\x8b":
            seen.append(gzip.decompress(path.read_bytes()).decode(errors="replace"))
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                seen += [str(file.read().to_pylist()), str(file.metadata.to_dict()), str(file.metadata.metadata)]
    return "\n".join(seen)


def traces(lake: Lake) -> set[str]:
    found = everything_under(lake.home.path)
    found = re.sub("kunde-Zoë-47110", "", found).replace("kunde-Zo\\u00eb-47110", "")
    forms = [PERSON, json.dumps(PERSON)[1:-1], "Zoë-4711", *WORDS, "resp-zebra-1"]
    return {form for form in forms if form in found}


def test_the_search_finds_what_is_there(lake: Lake) -> None:
    assert {PERSON, *WORDS, "resp-zebra-1"} <= traces(lake)


def test_after_an_erasure_no_byte_tells_of_the_person(lake: Lake) -> None:
    done = erase(lake, PERSON, sources=SOURCES, by="officer", at=day(6, 10))
    assert traces(lake) == set()
    assert done.signals_erased == 5
    assert done.signals_changed == 4
    assert done.lines_erased == {"superseded": 1, "marks": 1, "enrichments": 1, "identities": 1}
    assert done.also_known_as == ("other-key-of-zoe", "p-1")
    assert done.exports_removed == 2
    assert done.batches_removed >= 3
    assert done.rejects_changed >= 2
    assert done.leftovers == ()


def test_the_signals_of_others_stay_without_the_mention(lake: Lake) -> None:
    before = {line["id"]: line for line in standing(lake)}
    erase(lake, PERSON, sources=SOURCES, by="officer", at=day(6, 10))
    after = {line["id"]: line for line in standing(lake)}
    assert sorted(after) == ["n10", "n11", "n12", "n13", "n14", "n15", "n31"]
    assert all(after[key] == before[key] for key in ("n10", "n15", "n31"))
    assert after["n11"] == before["n11"] | {"about": None}
    assert after["n12"] == before["n12"] | {"agent": None, "objects": ["order:7"], "attrs": [("plan", "a")]}
    assert after["n13"] == before["n13"] | {"account": None, "excluded_by": None}
    assert after["n14"] == before["n14"] | {"text": "I know [erased], they said so"}
    assert after["n10"]["mark"] == "spam"


def test_the_receipt_counts_and_names_nobody(lake: Lake) -> None:
    done = erase(lake, PERSON, sources=SOURCES, by="officer", at=day(6, 10))
    receipts = read_receipts(lake)
    assert verify_chain(receipts) == []
    assert (receipts[-1].what, receipts[-1].rows, receipts[-1].by) == ("erasure", 5, "officer")
    assert receipts[-1].hash == done.receipt.hash
    assert all(receipt.adds_up() for receipt in receipts)


def test_importing_the_same_file_again_brings_nobody_back(lake: Lake, tmp_path: Path) -> None:
    erase(lake, PERSON, sources=SOURCES, by="officer", at=day(6, 10))
    again = take(lake, tmp_path / "first.ndjson", 240)
    assert dict(again.reasons) == {"erased": 8}  # their own, also the one without the key, and those that name them
    assert (again.accepted, again.duplicates) == (0, 2)
    assert traces(lake) == set()
    take(lake, tmp_path / "packed.ndjson.gz", 241)
    take(lake, tmp_path / "bad.ndjson", 242)
    assert traces(lake) == set()


def test_what_waits_in_the_inbox_is_taken_in_without_the_person(lake: Lake) -> None:
    lines = [row(40, subject=PERSON, text=WORDS[0]), row(41, subject="other-8")]
    put_batch(
        lake.home, ["".join(json.dumps(one) + "\n" for one in lines).encode()], source=None, by="api", at=day(6, 9)
    )
    erase(lake, PERSON, sources=SOURCES, by="officer", at=day(6, 10))
    assert traces(lake) == set()
    receipt = read_receipts(lake)[-2]
    assert (receipt.received, receipt.accepted, dict(receipt.reasons)) == (2, 1, {"erased": 1})
    assert "n41" in {line["id"] for line in standing(lake)}


def test_an_erasure_that_was_killed_is_finished_by_doing_it_again(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for step in ("scrub_rejects", "erase_lines", "rewrite", "forget_history", "write_receipt"):
        with monkeypatch.context() as patched:
            patched.setattr(f"openxmo.core.signals.keeping.erasure.{step}", die)
            with pytest.raises(KeyboardInterrupt):
                erase(lake, PERSON, sources=SOURCES, by="officer", at=day(6, 10))
    done = erase(lake, PERSON, sources=SOURCES, by="officer", at=day(6, 11))
    assert traces(lake) == set()
    assert done.leftovers == ()
    assert verify_chain(read_receipts(lake)) == []
    assert sorted(line["id"] for line in standing(lake)) == ["n10", "n11", "n12", "n13", "n14", "n15", "n31"]


def test_a_person_who_came_back_with_an_old_copy_is_erased_again(lake: Lake) -> None:
    tombstones.add(lake, [PERSON])  # as a restore finds it: entombed, and in the lake
    with writing(lake.home):
        done = erase_again(lake, by="restore", at=day(6, 10))
        assert done is not None
        assert erase_again(lake, by="restore", at=day(6, 11)) is None
    assert traces(lake) == set()


def test_someone_unknown_is_erased_without_a_trace_too(lake: Lake) -> None:
    before = standing(lake)
    done = erase(lake, "nobody-we-know", sources=SOURCES, by="officer", at=day(6, 10))
    assert (done.signals_erased, done.signals_changed) == (0, 0)
    assert standing(lake) == before


def test_an_erasure_without_a_key_is_refused(lake: Lake) -> None:
    with pytest.raises(WrongUsage, match="names one person"):
        erase(lake, "  ", sources=SOURCES, by="officer", at=day(6, 10))


PLACES: list[tuple[str, Row]] = [
    ("jane-17", {"attrs": {"jane-17": "yes", "plan": "a"}}),
    ("jane-17", {"instrument": "survey-of-jane-17@3"}),
    ("xy", {"instrument": "xy@3"}),
    ("J01", {"text": "I know J01, a bit"}),
    ("李明", {"text": "我和李明说过"}),
]


@pytest.mark.parametrize(("key", "fields"), PLACES)
def test_a_name_in_an_odd_place_of_another_signal_is_taken_out(tmp_path: Path, key: str, fields: Row) -> None:
    lake = make_lake(tmp_path)
    take(lake, write_lines(tmp_path / "a.ndjson", [row(1, subject=key), row(2, subject="other") | fields]), 1)
    done = erase(lake, key, sources=SOURCES, by="ann", at=day(7, 1))
    assert (done.signals_erased, done.signals_changed) == (1, 1)
    assert [line["subject"] for line in standing(lake)] == ["other"]
    assert key not in str(standing(lake))
    assert not [path for path in done.leftovers if Path(path).is_relative_to(lake.folder(SIGNALS))]


@pytest.mark.parametrize(
    ("key", "fields"),
    [("an", {"text": "send an offer"}), ("7", {"attrs": {"note": "line 7"}}), ("李", {"text": "我李说"})],
)
def test_where_an_everyday_word_stays_within_the_words_of_others_is_told(tmp_path: Path, key: str, fields: Row) -> None:
    lake = make_lake(tmp_path)
    take(lake, write_lines(tmp_path / "a.ndjson", [row(1, subject=key), row(2, subject="other") | fields]), 1)
    done = erase(lake, key, sources=SOURCES, by="ann", at=day(7, 1))
    assert lake.folder(SIGNALS) / "month=2026-03" in done.leftovers
    assert [line["text"] for line in standing(lake)] == [fields.get("text")]
