"""A plain table proved from a file, and what is said of one that cannot be."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from openxmo.core.errors import UserError
from openxmo.questions.prove_table import compare_table, prove_table

ROWS = "y,t,d,shop\n" + "".join(
    f"{10 + 2 * t + d + 3 * t * d + noise},{t},{d},{shop}\n"
    for shop, t in enumerate((0, 0, 0, 0, 1, 1, 1, 1))
    for d in (0, 1)
    for noise in (-1 + shop % 3, 1)
)


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_gives_effect_errors_of_each_kind_and_a_document(tmp_path: Path) -> None:
    proof = prove_table(write(tmp_path, ROWS), outcome="y", treated="t", after="d", cluster="shop")
    assert proof.effect is not None
    assert proof.effect.value == pytest.approx(3.0)
    assert (proof.effect.errors, proof.effect.clusters) == ("cluster", 8)
    assert proof.standard_errors is not None
    assert set(proof.standard_errors) == {"ols", "hc1", "cluster"}
    document = json.loads(json.dumps(proof.to_document()))
    assert document["design"] == "difference-in-differences"
    assert document["verdict"]["sentence"] == "effect"
    assert [record["row"] for record in proof.to_records()] == [
        "comparison before",
        "comparison after",
        "treated before",
        "treated after",
        "effect",
    ]


def test_words_for_yes_and_no_and_parquet_will_do(tmp_path: Path) -> None:
    plain = prove_table(write(tmp_path, ROWS), outcome="y", treated="t", after="d")
    table = pa.table(
        {
            "y": [float(line.split(",")[0]) for line in ROWS.splitlines()[1:]],
            "t": [line.split(",")[1] == "1" for line in ROWS.splitlines()[1:]],
            "d": ["Yes" if line.split(",")[2] == "1" else "no" for line in ROWS.splitlines()[1:]],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "table.parquet")
    assert prove_table(tmp_path / "table.parquet", outcome="y", treated="t", after="d").effect == plain.effect


def test_rows_that_lack_a_value_are_left_out_and_counted(tmp_path: Path) -> None:
    proof = prove_table(write(tmp_path, ROWS + "NA,1,1,7\n,0,0,1\n5,,0,1\n"), outcome="y", treated="t", after="d")
    assert proof.dropped == 3


def test_no_comparison_leaves_a_move_that_is_no_evidence(tmp_path: Path) -> None:
    proof = compare_table(write(tmp_path, ROWS), outcome="y", after="d")
    document = proof.to_document()
    assert document["moved"]["label"] == "not evidence of effect"
    assert document["verdict"] is None
    assert document["effect"] is None


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        (ROWS, {"outcome": "yy"}, "Did you mean y"),
        (ROWS, {"treated": "y"}, "Use 0 and 1"),
        (ROWS, {"errors": "cluster"}, "need a cluster column"),
        ("y,t,d\nhigh,0,1\n", {}, "no number"),
        ("y,t,d\n1,0,1\n", {}, "nothing measured"),
        ("y,t,d\n1,0,0\n1,0,1\n1,1,0\n1,1,1\n", {}, "nothing to judge"),
        ("y,t,d\nNA,0,1\n", {}, "No row"),
        ("y,t,d\n1,2\n", {}, "cannot be read"),
        ("", {}, "cannot be read"),
    ],
)
def test_a_table_that_cannot_be_proved_says_why(tmp_path: Path, text: str, asked: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        prove_table(write(tmp_path, text), **{"outcome": "y", "treated": "t", "after": "d", **asked})  # type: ignore[arg-type]
