"""The mapping that the how-to begins with does what the page says."""

import re
from pathlib import Path

from tests.spec.mapping.conftest import Run
from tests.spec.mapping.forms import codes

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "map-a-file.md"


def test_the_first_mapping_of_the_how_to_does_what_the_page_says(mapped: Run) -> None:
    blocks = dict(re.findall(r"```(csv|toml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL))
    rows = mapped(blocks["toml"], {"answers.csv": blocks["csv"]})
    assert codes(rows) == [None, None, "no_date"]
    assert [[signal["id"] for signal in row.signals] for row in rows] == [["17:rank", "17:return"], ["18:return"], []]
    rank, again = rows[0].signals
    assert (rank["value"], rank["text"], rank["attrs"]) == (9.0, "quick and kind", {"till": "3"})
    assert (again["label"], again["happened_at"]) == ("yes", "2026-01-05T13:30:00+00:00")
