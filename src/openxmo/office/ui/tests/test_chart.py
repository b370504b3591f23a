"""Charts: the same in words, as a table and as a file."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.template import Context, Template

from openxmo.office.ui.components import chart as charts
from openxmo.office.ui.samples import CHARTS

LINE: dict[str, Any] = {
    "kind": "line",
    "unit": "%",
    "x": ["2026-01", "2026-02", "2026-03"],
    "series": [{"name": "CSAT", "values": [70.8, None, 64.2], "low": [69.0, None, 62.0], "high": [72.0, None, 66.0]}],
    "ambition": 75,
    "marks": [{"at": "2026-02", "label": "scale changed"}],
}


def render(spec: dict[str, Any], table: Any = None) -> str:
    template = Template('{% load ui %}{% chart "moved" "How has it moved?" spec table %}')
    return template.render(Context({"spec": spec, "table": table}))


def test_words_say_what_the_eye_would_see() -> None:
    said = charts.describe(LINE)
    whole = "CSAT: from 70.8 % in Jan 2026 to 64.2 % in Mar 2026; lowest 64.2 (Mar 2026), highest 70.8 (Jan 2026)."
    assert whole in said
    assert "The ambition is 75 %." in said
    assert "At Feb 2026: scale changed." in said


def test_the_island_reads_the_spec_as_it_was_given() -> None:
    found = re.search(r'<script id="moved-spec" type="application/json">(.*?)</script>', render(LINE), re.DOTALL)
    assert found
    assert json.loads(found[1]) == LINE


def test_a_spec_cannot_break_out_of_its_script() -> None:
    spec = {**LINE, "series": [{"name": "</script><script>alert(1)", "values": [1, 2, 3]}]}
    assert "<script>alert" not in render(spec)


def test_the_table_holds_the_intervals_and_dashes_for_what_is_missing() -> None:
    html = render(LINE)
    assert '<th scope="col" class="figures">CSAT, low</th>' in html
    assert '<td data-label="CSAT" class="figures">–</td>' in html


def test_the_file_holds_the_rows_and_no_formulas() -> None:
    rows: list[dict[str, Any]] = [{"reason": "=1+1", "contacts": 3}, {"reason": "Bill, higher", "contacts": None}]
    link = charts.as_link(["reason", "contacts"], rows)
    head, _, text = link.partition(",")
    assert head == "data:text/csv;charset=utf-8"
    read = list(csv.reader(io.StringIO(unquote(text))))
    assert read == [["reason", "contacts"], ["'=1+1", "3"], ["Bill, higher", ""]]


def test_an_empty_chart_says_so_instead_of_drawing_nothing() -> None:
    html = render({"kind": "bars", "x": [], "series": []})
    assert "data-chart" not in html
    assert "There is nothing to draw yet" in html


def test_a_page_that_hands_over_a_wrong_spec_hears_of_it() -> None:
    with pytest.raises(ValueError, match="a chart is one of"):
        charts.check_spec({"kind": "pie"})
    with pytest.raises(ValueError, match="has 1 values for 2 places"):
        charts.check_spec({"kind": "bars", "x": ["a", "b"], "series": [{"name": "n", "values": [1]}]})


def test_a_category_keeps_the_hue_that_the_page_gives_it() -> None:
    spec = {"series": [{"name": "Chat", "hue": 4}, {"name": "Phone"}, {"name": "Post", "hue": 9}]}
    assert charts.keys_of(spec) == [("Chat", 5), ("Phone", 2), ("Post", 2)]
    assert charts.keys_of({"series": [{"name": "alone"}]}) == []


@pytest.mark.parametrize(("name", "question", "spec"), CHARTS)
def test_every_kind_has_words_and_a_table(name: str, question: str, spec: dict[str, Any]) -> None:
    charts.check_spec(spec)
    if charts.has_values(spec):
        assert len(charts.describe(spec)) > len(spec["series"][0]["name"]), (name, question)
        assert charts.table_of(spec)
