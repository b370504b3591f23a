"""Many dimensions: the quick ways through the signals tell the same as going through them one by one."""

import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.core.signals.engines.grouping_sets import COUNT, GROUPED, count_by_sets, set_bits
from openxmo.core.signals.engines.spark import SparkEngine
from openxmo.core.signals.engines.standing import STANDING
from openxmo.core.signals.store.lake import Lake
from openxmo.core.understand import finest, two_periods, vocabulary
from openxmo.core.understand.cuts import CutTable
from openxmo.core.understand.finest import finest_cells, leading
from openxmo.core.understand.groupings import blocks_of, groupings_of, tabulate
from openxmo.core.understand.parts import most_telling, take_apart
from openxmo.core.understand.rows import Counted, Rows, Summed, parts
from openxmo.core.understand.side_by_side import side_by_side
from openxmo.questions.explain import Explanation, explain
from tests.spec.signals.lakes import add, make_lake, signal

BEFORE, AFTER = (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1))
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
NPS = Metric(key="nps", signal="nps", score=Score(kind="nps"))
MEAN = Metric(key="mean", signal="nps", score=Score(kind="mean"))
SIZES = {"channel": 4, "product": 5, "site": 3, "region": 6, "brand": 2}
BY = tuple(SIZES)


def answers(n: int, seed: int, *, first: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Some name no channel, some have no value; in February chat c1 falls."""
    random = np.random.default_rng(seed)
    made = []
    for row in range(first, first + n):
        cuts: dict[str, str | None] = {name: f"{name[0]}{random.integers(size)}" for name, size in SIZES.items()}
        month = 1 + row % 2
        value: float | None = float(random.integers(0, 11))
        if value is not None and month == 2 and cuts["channel"] == "c1":
            value = max(value - 6.0, 0.0)
        if row % 40 == 0:
            cuts["channel"] = None
        if row % 50 == 0:
            value = None
        made.append(signal(row, datetime(2026, month, 15, tzinfo=UTC), value=value, scale="0..10", **cuts) | more)
    return made


def asked(engine: Engine, of: Metric = NPS, by: tuple[str, ...] = BY, **more: Any) -> Explanation:
    given: dict[str, Any] = {"before": BEFORE, "after": AFTER, "as_of": AS_OF} | more
    return explain(of, engine=engine, definitions=Definitions(), by=by, **given)


def document(found: Explanation) -> dict[str, Any]:
    whole = found.to_document()
    assert len(whole["localised"]) > 0
    return whole | {"disclosed": [(shown.by, shown.n, shown.uniform) for shown in found.disclosures()]}


def assert_same(one: Any, other: Any) -> None:
    """Equal but for the rounding of sums in another order."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            assert_same(mine, theirs)
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=1e-9)
    else:
        assert one == other


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = make_lake(tmp_path)
    add(lake, *answers(2500, 40))
    return lake


@pytest.mark.parametrize("of", [NPS, MEAN], ids=lambda of: of.key)
def test_codes_tell_the_same_as_cells_that_the_engine_summed(
    lake: Lake, of: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_duckdb(lake, threads=1)
    by_codes = document(asked(engine, of))
    assert by_codes["localised"][0]["by"] == {"channel": "c1"}
    monkeypatch.setattr(two_periods, "SUMMED_DIMENSIONS", len(BY))
    assert_same(by_codes, document(asked(engine, of)))


@pytest.mark.parametrize("ranges", [{"before": (date(2026, 1, 2), date(2026, 1, 31))}, {}], ids=["apart", "adjoining"])
@pytest.mark.parametrize("of", [NPS, MEAN], ids=lambda of: of.key)
def test_signals_that_come_in_many_pieces_tell_the_same(
    lake: Lake, of: Metric, ranges: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_duckdb(lake, threads=1)
    at_once = document(asked(engine, of, **ranges))
    pieces: list[int] = []
    read = type(engine).read

    def in_pieces(self: Any, expression: Any, take: Any) -> Any:
        def cut(tables: Any) -> Any:
            for table in tables:
                for batch in table.to_batches(max_chunksize=70):
                    pieces.append(batch.num_rows)
                    yield pa.Table.from_batches([batch])

        return read(self, expression, lambda tables: take(cut(tables)))

    monkeypatch.setattr(type(engine), "read", in_pieces)
    assert document(asked(engine, of, **ranges)) == at_once
    assert len(pieces) > 20


def test_a_dimension_of_more_values_than_a_list_holds_is_told_alike(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_duckdb(lake, threads=1)
    listed = document(asked(engine, where=(("brand", "b1"),)))
    monkeypatch.setattr(vocabulary, "LISTED", 4)
    # The same condition in other words: expressions are kept, and this one is to be built anew.
    assert_same(listed, document(asked(engine, where=(("brand", "b1"), ("brand", "b1")))))


@pytest.mark.parametrize(("listed", "product"), [(256, "p1"), (3, "p2")])
def test_values_that_were_never_heard_before_are_learned_when_the_question_is_asked_again(
    lake: Lake, listed: int, product: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "LISTED", listed)
    engine = open_duckdb(lake, threads=1)
    where = (("product", product),)
    once = asked(engine, where=where)
    add(lake, *answers(300, 41, first=5000, channel="fax", product=product))
    engine.refresh()
    again = asked(engine, where=where)
    heard = [found.before.estimate.n + found.after.estimate.n for found in (once, again)]
    assert heard[1] == heard[0] + 294
    assert sum(part.n_before + part.n_after for part in again.parts) == heard[1]
    assert "fax" not in {part.by["channel"] for part in once.parts if part.by}
    assert "fax" in {part.by["channel"] for part in again.parts if part.by}


def counting(statements: list[Any], ask: Any) -> Any:
    def counted_too(self: Any, expression: Any, *more: Any) -> Any:
        statements.append(expression)
        return ask(self, expression, *more)

    return counted_too


def test_asked_again_the_rows_alone_tell_what_was_left_out_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = make_lake(tmp_path)
    add(lake, *answers(2500, 44), *answers(40, 45, first=7000, value=10.5), *answers(30, 46, first=8000, value=11.0))
    engine = open_duckdb(lake, threads=1)
    where = (("site", "s1"), ("site", "s2"))
    first = document(asked(engine, where=where))
    assert set(first["before"]["excluded"]) == {"missing", "off_scale"}
    statements: list[Any] = []
    for name in ("fetch", "read"):
        monkeypatch.setattr(type(engine), name, counting(statements, getattr(type(engine), name)))
    assert document(asked(engine, where=where)) == first
    assert len(statements) == 1
    add(lake, *answers(80, 47, first=9000), *answers(20, 48, first=9500, value=9.5))
    engine.refresh()
    grown = [document(asked(engine, where=where)) for _ in range(3)]
    assert grown[0] == grown[1] == grown[2]
    monkeypatch.setattr(two_periods, "SUMMED_DIMENSIONS", len(BY))
    assert_same(grown[0], document(asked(engine, where=where)))


def test_protected_people_are_told_apart_by_many_dimensions_too(lake: Lake) -> None:
    add(lake, *answers(60, 42, first=9000, protected=True, subject="e1"))
    found = asked(open_duckdb(lake, threads=1))
    assert [len(shown.people or ()) for shown in found.disclosures()[:2]] == [1, 1]
    assert found.before.estimate.n + found.after.estimate.n == 2508


def test_of_nothing_heard_by_many_dimensions_there_is_no_change(tmp_path: Path) -> None:
    engine = open_duckdb(make_lake(tmp_path), threads=1)
    assert asked(engine).to_document()["change"]["value"] is None
    lake = make_lake(tmp_path / "one")
    add(lake, *(row for row in answers(200, 43) if row["month"] == "2026-01"))
    found = asked(open_duckdb(lake, threads=1)).to_document()
    assert (found["change"]["value"], found["parts"], found["after"]["n"]) == (None, [], 0)


def test_spark_tells_the_same(lake: Lake, spark_remote: str) -> None:
    engine = SparkEngine(lake, remote=spark_remote)
    mine = document(asked(open_duckdb(lake, threads=1)))
    assert_same(mine, document(asked(engine)))
    engine.close()


def test_sets_of_columns_are_counted_in_one_pass_and_told_apart_from_missing_values(lake: Lake) -> None:
    engine = open_duckdb(lake, threads=1)
    sets = [["channel"], ["brand", "month"]]
    rows = engine.fetch(count_by_sets(engine.table(STANDING), sets)).to_pylist()
    channels, brands = ([row for row in rows if row[GROUPED] == bits] for bits in set_bits(sets))
    assert {row["channel"] for row in channels} == {"c0", "c1", "c2", "c3", None}
    assert next(row[COUNT] for row in channels if row["channel"] is None) == 63
    assert {(row["brand"], row["month"]) for row in brands} == {
        (brand, month) for brand in ("b0", "b1") for month in ("2026-01", "2026-02")
    }
    assert sum(row[COUNT] for row in channels) == sum(row[COUNT] for row in brands) == 2500


def counted(random: np.random.Generator, n: int, sizes: tuple[int, ...]) -> Rows:
    moments = np.array([(1.0, 1.0, score, 1.0, score, score**2) for score in (-100.0, 0.0, 100.0)])
    return Rows(
        tuple(f"d{place}" for place in range(len(sizes))),
        tuple(tuple(f"v{value}" for value in range(size)) for size in sizes),
        tuple(random.integers(0, size, n).astype(np.uint8) for size in sizes),
        Counted(random.integers(0, 6, n).astype(np.uint8), moments),
    )


@given(
    st.integers(0, 2**32),
    st.sampled_from([(3,), (4, 5), (6, 7, 8), (30, 40, 2)]),
    st.integers(1, 60),
    st.sampled_from([32, 9, 6, 2]),
)
@settings(max_examples=80, deadline=None)
def test_the_cells_that_tell_most_and_their_rest_are_those_of_all_cells(
    seed: int, sizes: tuple[int, ...], most: int, short: int
) -> None:
    rows = counted(np.random.default_rng(seed), 400, sizes)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(finest, "parts", lambda n, *_: parts(n, 64))  # so that cells lie across the edges
        patched.setattr(finest, "SHORT", short)  # so that rows are sorted in one share, in several, and as wide numbers
        some = finest_cells(rows, most=most)
    every = CutTable.of_rows(rows)
    shown = most_telling(every, most=most)
    assert [every.label(place) for place in shown] == [some.label(place) for place in most_telling(some, most=most)]
    assert every.count == some.count
    for mine, theirs in zip(take_apart(some, most_telling(some)), take_apart(every, shown), strict=True):
        assert (mine.by, mine.n_before, mine.n_after) == (theirs.by, theirs.n_before, theirs.n_after)
        numbers = [(one.mix, one.rate, one.low, one.high) for one in (mine, theirs)]
        assert numbers[0] == pytest.approx(numbers[1], abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=60), st.integers(1, 70))
def test_the_leading_places_are_the_first_of_a_full_sort(values: list[tuple[int, int]], most: int) -> None:
    effect, n = (np.array(column) for column in zip(*values, strict=True))
    expected = sorted(range(len(values)), key=lambda place: (-effect[place], -n[place], place))[:most]
    assert sorted(leading(effect.astype(float), n, most).tolist()) == sorted(expected)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(10, 5000))
def test_every_pair_of_dimensions_has_a_table_that_holds_it(sizes: list[int], most: int) -> None:
    pairs = [(one, other) for one in range(len(sizes)) for other in range(one + 1, len(sizes))]
    blocks = blocks_of(sizes, pairs, most=most)
    assert sorted(pair for _, members in blocks for pair in members) == pairs
    assert all(set(pair) <= set(block) for block, members in blocks for pair in members)


def test_each_coarser_cell_holds_the_sums_of_the_finer_ones_inside_it() -> None:
    rows = counted(np.random.default_rng(44), 2000, (5, 4, 3))
    found = groupings_of(rows, 3)
    for columns in found.keys:
        inside = found.place_of(columns)
        for sums in (found.before, found.after):
            assert sums.table[inside].sum(axis=0) == pytest.approx(sums.table[0])
    for cell in range(found.place_of((0, 1)).start, found.place_of((0, 1)).stop):
        columns, codes = found.cell_at(cell)
        mask = rows.inside(columns, codes)
        assert found.before.n[cell] + found.after.n[cell] == mask.sum()
        parents = found.parent[found.child == cell]
        assert [found.cell_at(int(parent)) for parent in parents] == [((1,), codes[1:]), ((0,), codes[:1])]


def test_setting_rows_aside_leaves_the_sums_of_the_others() -> None:
    rows = counted(np.random.default_rng(45), 3000, (9, 8, 7))
    mask = rows.inside((0, 2), (3, 4))
    left, others = groupings_of(rows, 2).without(rows.taken(mask)), groupings_of(rows.taken(~mask), 2)
    for columns, keys in others.keys.items():
        places = left.starts[columns] + np.searchsorted(left.keys[columns], keys)
        assert left.after.table[places] == pytest.approx(others.after.table[others.place_of(columns)])


@given(st.integers(0, 2**32), st.lists(st.integers(1, 9), min_size=2, max_size=6), st.booleans())
@settings(max_examples=40, deadline=None)
def test_tables_of_few_dimensions_count_what_counting_row_by_row_does(seed: int, sizes: list[int], few: bool) -> None:
    random = np.random.default_rng(seed)
    rows = counted(random, 300, tuple(sizes))
    if not few:
        score, one = random.normal(size=300), np.ones(300)
        columns = (one, one, score, one, score, score**2)
        rows = Rows(rows.dimensions, rows.values, rows.codes, Summed(random.integers(0, 2, 300).astype(bool), columns))
    wanted = [(), *((one, other) for one in range(len(sizes)) for other in range(one + 1, len(sizes)))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("openxmo.core.understand.rows.parts", lambda n: parts(n, 64))
        found = tabulate(rows, wanted)
        whole = np.stack([sums.table[0] for sums in rows.whole])
    for columns_of, (keys, table) in found.items():
        by_hand = one_by_one(rows, columns_of)
        assert [tuple(np.unravel_index(key, [sizes[c] for c in columns_of])) for key in keys] == sorted(by_hand)
        for cell, sums in zip(sorted(by_hand), table, strict=True):
            assert sums == pytest.approx(by_hand[cell])
    assert whole == pytest.approx(found[()][1][0])


def one_by_one(rows: Rows, columns: tuple[int, ...]) -> dict[tuple[int, ...], Any]:
    measures, found = rows.measures, dict[tuple[int, ...], Any]()
    for row in range(len(rows)):
        if isinstance(measures, Counted):
            after, kind = divmod(int(measures.kinds[row]), measures.width)
            adds = measures.moments[kind]
        else:
            after, adds = int(measures.is_after[row]), np.array([column[row] for column in measures.columns])
        cell = tuple(int(rows.codes[column][row]) for column in columns)
        found.setdefault(cell, np.zeros((2, 6)))[after] += adds
    return found


def test_two_questions_are_worked_out_at_the_same_time_and_the_error_of_either_is_raised() -> None:
    both = threading.Barrier(2, timeout=10)
    assert sorted(side_by_side(both.wait, both.wait)) == [0, 1]
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda: 1 // 0, lambda: 1)
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda: 1, lambda: 1 // 0)


def test_by_many_dimensions_no_pandas_is_loaded(lake: Lake) -> None:
    """It would be 30 MiB and half a second of the first answer."""
    asking = f"""
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.questions.explain import explain
engine = open_duckdb(Lake.open(Home.at(Path({str(lake.home.path)!r}))))
before, after = (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1))
of = Metric(key="nps", signal="nps", score=Score(kind="nps"))
found = explain(of, engine=engine, definitions=Definitions(), by={BY!r}, before=before, after=after,
                as_of=datetime(2026, 6, 1, tzinfo=UTC))
print(found.before.estimate.n, "pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1200", "False"]
