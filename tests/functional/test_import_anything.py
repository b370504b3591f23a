"""Whatever is thrown at the door: never a traceback, and the sums are always true."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import COLUMNS
from openxmo.core.signals.door.importing import check_files
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.lake import Lake
from tests.spec.signals.door import AT, counts, make_lake, rejects, row, standing, stored, take

# The folder may be shared by examples; and a busy machine draws them slowly, which says nothing of the door.
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NAMES = [column.name for column in COLUMNS]
SOURCES = {"desk": Source(key="desk", amends=True, zone="Europe/Berlin"), "shop": Source(key="shop", scale="0..10")}
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 12),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["X", "O", "0..10", "2026-01-31T09:00:00Z", "2026-01-31T09:00:00", "9999-12-31T23:59:59-01:00"]),
)
values = st.one_of(scalars, st.lists(scalars, max_size=2), st.dictionaries(st.text(max_size=4), scalars, max_size=2))
changes = st.dictionaries(st.sampled_from([*NAMES, "surprise", "Name"]), values, max_size=3)
nearly_good = st.builds(
    lambda id_, source, value, change: row(id_, source=source, value=value) | change,
    st.integers(0, 6),
    st.sampled_from(["shop", "desk"]),
    st.integers(0, 10),
    st.one_of(st.just({}), st.fixed_dictionaries({"revision": st.integers(0, 3)}), changes),
)
lines = st.one_of(
    nearly_good.map(lambda one: json.dumps(one).encode()),
    nearly_good.map(lambda one: json.dumps(one).encode()[:-7]),
    values.map(lambda one: json.dumps(one).encode()),
    st.binary(max_size=12).filter(lambda data: b"\n" not in data),
    st.sampled_from([b"", b"  ", b"{}", b'{"id":"1"}{"id":"2"}', b"\xef\xbb\xbf{}"]),
)
endings = st.sampled_from([b"\n", b"\r\n", b""])


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return make_lake(tmp_path_factory.mktemp("anything"))


def check_import(lake: Lake, path: Path, **options: Any) -> None:
    """Imports the file if it can be read, and holds the receipt against the lake."""
    before = len(stored(lake))
    asked = {"source": None, "mapping": None, "by": "tester", "at": AT} | options
    try:
        checked = check_files(lake, [path], sources=SOURCES, **asked)
    except UnreadableInput:
        with pytest.raises(UnreadableInput, match=re.escape(str(path))):
            take(lake, path, sources=SOURCES, **options)
        assert len(stored(lake)) == before
        return
    receipt = take(lake, path, sources=SOURCES, **options)
    assert counts(receipt) == counts(checked)
    assert len(stored(lake)) == before + receipt.accepted
    assert (len(rejects(receipt)) if receipt.rejects else 0) == receipt.rejected + receipt.conflicts
    standing(lake)
    again = take(lake, path, sources=SOURCES, **options)
    assert (again.received, again.rejected) == (receipt.received, receipt.rejected)


@settings(max_examples=25, deadline=None, suppress_health_check=CALM)
@given(data=st.lists(st.tuples(lines, endings), max_size=12).map(lambda some: b"".join(a + b for a, b in some)))
def test_any_lines_are_judged_row_by_row(lake: Lake, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.ndjson"
    path.write_bytes(data)
    check_import(lake, path)


cells = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=6),
    st.sampled_from(['"', 'a"b', '"a', "1", "nan", "X", "O", "2026-01-31T09:00:00Z", "a|b:c", "", "shop", "\r"]),
)
headers = st.lists(st.sampled_from([*NAMES, "attrs.a", "attrs.", "chanel"]), max_size=6)


@settings(max_examples=20, deadline=None, suppress_health_check=CALM)
@given(header=headers, rows=st.lists(st.lists(cells, max_size=7), max_size=5), mark=st.sampled_from(",;\t"))
def test_any_cells_are_judged_row_by_row(
    lake: Lake, tmp_path: Path, header: list[str], rows: list[list[str]], mark: str
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes("\n".join(mark.join(one) for one in [header, *rows]).encode())
    check_import(lake, path, source="desk")


@settings(max_examples=15, deadline=None, suppress_health_check=CALM)
@given(data=st.binary(max_size=60), name=st.sampled_from(["a.parquet", "a.ndjson.gz", "a.csv.gz", "a", "a.json"]))
def test_any_bytes_are_judged_or_refused(lake: Lake, tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((b"\x1f\x8b\x08" if name.endswith("gz") else b"") + data)
    check_import(lake, path, source="desk")
