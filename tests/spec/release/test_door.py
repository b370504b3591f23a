"""Who may see what at the exit door, and what leaves it."""

import re
from pathlib import Path

import pytest

import openxmo
from openxmo.core.errors import NotAllowed
from openxmo.core.release import MemoryHistory, Released, Viewer, release, scope_of
from openxmo.core.release.released import Door
from tests.cast import ADA, AMY, CARL, EVERYBODY, NORTH, OTTO, ROOT, TOM
from tests.spec.release.results import AT, DECLARED, Cells, cell

REGIONS = (cell(None, n=50, region="coast"), cell(None, n=60, region="<b>north</b>"))


def ask(viewer: Viewer, scope: frozenset[str] | None = None) -> Released[Cells]:
    return release(Cells(REGIONS, scope=scope), viewer, history=MemoryHistory(), at=AT, rules=DECLARED)


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        (None, {ADA, OTTO}),
        (NORTH, {ADA, OTTO, TOM, AMY}),
        (NORTH | {"south"}, {ADA, OTTO}),
        (frozenset({"south"}), {ADA, OTTO, CARL}),
        (frozenset(), {ADA, OTTO, TOM, AMY, CARL}),
    ],
)
def test_a_result_is_shown_within_the_viewers_units_only(scope: frozenset[str] | None, may: set[Viewer]) -> None:
    allowed = set()
    for viewer in EVERYBODY:
        try:
            ask(viewer, scope)
            allowed.add(viewer)
        except NotAllowed:
            continue
    assert allowed == may


def test_the_administrator_sees_no_answers_of_any_kind() -> None:
    with pytest.raises(NotAllowed, match=r"Root .administrator. keeps the system and sees no answers"):
        ask(ROOT, frozenset())


def test_questions_are_asked_with_the_viewers_own_scope() -> None:
    assert scope_of(TOM) == NORTH
    assert scope_of(OTTO) is None
    assert ask(TOM, scope_of(TOM)).to_records()[0]["n"] == 50


def test_a_result_that_does_not_say_its_scope_is_taken_as_office_wide() -> None:
    class Bare:
        def __init__(self, inner: Cells) -> None:
            self.to_document, self.to_records = inner.to_document, inner.to_records
            self.disclosures = inner.disclosures

        def withhold(self, reasons: object) -> "Bare":
            raise AssertionError(f"nothing to withhold, and {reasons}")

    with pytest.raises(NotAllowed, match="the whole office"):
        release(Bare(Cells(REGIONS)), TOM, history=MemoryHistory(), at=AT, rules=DECLARED)
    assert release(Bare(Cells(REGIONS)), ADA, history=MemoryHistory(), at=AT, rules=DECLARED).to_records()


def test_only_the_door_makes_a_released() -> None:
    with pytest.raises(TypeError, match=r"only openxmo\.core\.release\.release"):
        Released(Cells(REGIONS), Door())


def test_no_other_module_takes_the_doors_key() -> None:
    source = Path(openxmo.__file__).parent
    holders = {path.name for path in source.rglob("*.py") if re.search(r"\bDOOR\b", path.read_text(encoding="utf-8"))}
    assert holders == {"door.py", "released.py"}


def test_what_leaves_is_the_same_in_every_form() -> None:
    found = ask(ADA)
    assert found.to_document() == {"rows": found.to_records()}
    assert found.to_pandas()["n"].tolist() == [50, 60]
    assert found.to_arrow().column("region").to_pylist() == ["coast", "<b>north</b>"]
    assert repr(found) == "Released(Cells, 2 rows)"


def test_the_notebook_view_is_a_table_in_which_nothing_can_run() -> None:
    html = ask(ADA)._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;north&lt;/b&gt;" in html
    assert html.count("<tr>") == 3


def test_a_long_notebook_view_is_cut_and_says_so() -> None:
    many = Cells(tuple(cell(None, n=50, region=str(number)) for number in range(80)))
    html = release(many, ADA, history=MemoryHistory(), at=AT, rules=DECLARED)._repr_html_()
    assert html.count("<tr>") == 61
    assert "80 rows, 60 shown" in html
