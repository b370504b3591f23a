"""Whatever a file or a mapping holds, what comes is rows, row errors or one sentence."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openxmo.core.errors import UserError
from openxmo.core.signals.mapping import load_mapping, map_files
from openxmo.core.signals.mapping.form import FieldForm, SignalControl, TableForm
from openxmo.core.signals.mapping.samples import list_samples
from tests.spec.mapping.forms import HEAD

FULL = (
    HEAD.replace('file = "*.csv"', 'file = "*"\noptional = ["id", "day", "x", "y"]')
    + """
value = { from = "{x}", multiply = 2 }
label = { compare = ["{day}", "{y}"], before = "early", after = "late" }
text = { join = ["{x}", "{y}"] }
revision = "{y}"
[signal.attrs]
hours = { between = ["{day}", "{y}"], unit = "h" }
"""
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["2026-01-05", "0001-01-01T00:00+10:00", "9999-12-31T23:59-10:00", "1e999", "-0", '"', '"a"b', "\x00", "\r"]
    ),
)


def whole(path: Path, mapping: Path) -> None:
    """Every row comes with signals or an error, never both; a user's error may end it."""
    try:
        for row in map_files(load_mapping(mapping), [path]):
            assert not (row.signals and row.error)
            assert row.line >= 1
            for signal in row.signals:
                assert {"id", "source", "happened_at", "kind", "name"} <= set(signal)
    except UserError:  # any other exception fails the test
        return


@quick
@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=6), end=st.sampled_from(["\n", "\r\n", "\r", ""]))
def test_any_cells_in_a_csv_file_are_survived(tmp_path: Path, rows: list[list[str]], end: str) -> None:
    (tmp_path / "m.toml").write_text(FULL)
    lines = [",".join(row) for row in [["id", "day", "x", "y"], *rows]]
    (tmp_path / "a.csv").write_text(end.join(lines), encoding="utf-8", errors="surrogatepass", newline="")
    whole(tmp_path / "a.csv", tmp_path / "m.toml")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=6), CELLS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("idxy."), inner, max_size=3)),
    max_leaves=6,
)


@quick
@given(rows=st.lists(st.dictionaries(st.sampled_from(["id", "day", "x", "y", ""]), JSON), max_size=4))
def test_any_objects_in_an_ndjson_file_are_survived(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    (tmp_path / "m.toml").write_text(FULL)
    (tmp_path / "a.ndjson").write_text("\n".join(json.dumps(row) for row in rows))
    whole(tmp_path / "a.ndjson", tmp_path / "m.toml")


@quick
@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet", "xlsx", "xes"])
@given(content=st.binary(max_size=60), packed=st.booleans())
def test_any_bytes_are_survived_in_every_format(tmp_path: Path, ending: str, content: bytes, packed: bool) -> None:
    (tmp_path / "m.toml").write_text(FULL)
    heads = {
        "csv": b"id,day,x,y\n",
        "xes": b"<log><trace><event>",
        "parquet": b"PAR1",
        "xlsx": b"PK\x03\x04",
        "ndjson": b"{",
    }
    (tmp_path / f"a.{ending}").write_bytes(
        gzip.compress(heads[ending] + content) if packed else heads[ending] + content
    )
    whole(tmp_path / f"a.{ending}", tmp_path / "m.toml")


TEXTS = st.sampled_from(
    [
        "{a}",
        "{b}{c}",
        "{l.x}",
        "{m.x}",
        "{",
        "}}",
        "{#each}",
        "{#line}",
        "x",
        "",
        "iso",
        "UTC",
        "%Y",
        "%",
        "1",
        "m",
        "any",
    ]
)
ANY = st.recursive(
    st.one_of(TEXTS, st.integers(-3, 3), st.floats(allow_nan=False), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from([*FieldForm.__struct_encode_fields__, "q"]), inner, max_size=3),
    ),
    max_leaves=5,
)
SIGNAL_KEYS = [
    *SignalControl.__struct_fields__,
    "value",
    "label",
    "text",
    "objects",
    "attrs",
    "ended_at",
    "scale",
    "valu",
]
TABLE_KEYS = [*TableForm.__struct_fields__, "key", "by", "many"]


@quick
@given(
    signal=st.dictionaries(st.sampled_from(SIGNAL_KEYS), ANY, max_size=4),
    table=st.dictionaries(st.sampled_from(TABLE_KEYS), ANY, max_size=2),
    lookup=st.dictionaries(st.sampled_from(TABLE_KEYS), ANY, max_size=3),
)
def test_any_mapping_is_survived(tmp_path: Path, signal: Any, table: Any, lookup: Any) -> None:
    base = {"id": "{a}", "happened_at": "{b}", "kind": "X", "name": "n"}
    lookups = {"l": {"file": "*", "key": "a", **lookup}, "m": {"file": "*", "key": "a", "many": True}}
    document = {
        "source": "s",
        "table": {"t": {"file": "*", **table}},
        "lookup": lookups,
        "signal": [{**base, **signal}],
    }
    (tmp_path / "m.toml").write_text(tomli_w.dumps(document))
    (tmp_path / "a.csv").write_text("a,b,c,x\n1,2026-01-05,3,4\n2,,5,6\n")
    whole(tmp_path / "a.csv", tmp_path / "m.toml")


@quick
@given(place=st.integers(0, 5000), cut=st.integers(1, 40), sample=st.sampled_from(list_samples()))
def test_any_damage_to_a_mapping_is_told_in_a_sentence(tmp_path: Path, place: int, cut: int, sample: Any) -> None:
    text = sample.mapping.read_text()
    place %= len(text)
    (tmp_path / "m.toml").write_text(text[:place] + text[place + cut :])
    try:
        assert load_mapping(tmp_path / "m.toml").signals
    except UserError:  # any other exception fails the test
        return
