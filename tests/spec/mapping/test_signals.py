"""Several signals from a row, and rows that make none."""

import pytest

from openxmo.core.errors import WrongUsage
from tests.spec.mapping.conftest import Run
from tests.spec.mapping.forms import HEAD, codes, signals, values

TWO = """
source = "desk"
zone = "UTC"
[table.tickets]
file = "*.csv"
when = { type = ["incident", "request"] }
[table.tickets.common]
happened_at = "{opened}"
issue = "{no}"
kind = "O"
[table.tickets.common.attrs]
type = "{type}"
[[signal]]
id = "{no}:opened"
name = "opened"
[[signal]]
when = { closed = true }
unless = { closed_by = "robot" }
id = "{no}:closed"
name = "closed"
happened_at = "{closed}"
[signal.attrs]
by = "{closed_by}"
"""
TICKETS = """no,type,opened,closed,closed_by
1,incident,2026-01-01,2026-01-02,ann
2,request,2026-01-01,,
3,spam,2026-01-01,2026-01-02,ann
4,incident,2026-01-01,2026-01-02,robot
"""


def test_a_row_makes_the_signals_whose_conditions_hold(mapped: Run) -> None:
    rows = mapped(TWO, {"t.csv": TICKETS})
    assert [[signal["id"] for signal in row.signals] for row in rows] == [
        ["1:opened", "1:closed"],
        ["2:opened"],
        [],
        ["4:opened"],
    ]


def test_common_fields_are_taken_over_and_attributes_merged(mapped: Run) -> None:
    first = mapped(TWO, {"t.csv": TICKETS})[0].signals
    assert [signal["issue"] for signal in first] == ["1", "1"]
    assert [signal["happened_at"] for signal in first] == ["2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"]
    assert [signal["attrs"] for signal in first] == [{"type": "incident"}, {"type": "incident", "by": "ann"}]


def test_a_signal_that_lacks_what_it_needs_is_not_made(mapped: Run) -> None:
    rows = mapped(
        HEAD + 'value = { from = "{x}", missing = ["11"] }\nneeds = ["value"]\n',
        {"a.csv": "id,day,x\n1,2026-01-01,11\n2,2026-01-01,7\n"},
    )
    assert codes(rows) == [None, None]
    assert values(rows, "id") == ["2"]


def test_one_block_makes_a_signal_for_each_of_many_columns(mapped: Run) -> None:
    mapping = HEAD.replace("{id}", "{id}:{#item}") + 'item = "{#item}"\nvalue = "{#each}"\nneeds = ["value"]\n'
    mapping += '[signal.each]\nq1 = "wifi"\n"q 2" = "food"\n'
    rows = mapped(mapping, {"a.csv": "id,day,q1,q 2\n1,2026-01-01,5,3\n2,2026-01-01,,4\n"})
    assert [(s["id"], s["item"], s["value"]) for s in signals(rows)] == [
        ("1:wifi", "wifi", 5),
        ("1:food", "food", 3),
        ("2:food", "food", 4),
    ]


def test_a_row_is_heard_whole_or_not_at_all(mapped: Run) -> None:
    rows = mapped(TWO, {"t.csv": "no,type,opened,closed,closed_by\n1,incident,2026-01-01,tomorrow,ann\n"})
    assert codes(rows) == ["no_date"]
    assert rows[0].signals == []
    assert rows[0].row == {
        "no": "1",
        "type": "incident",
        "opened": "2026-01-01",
        "closed": "tomorrow",
        "closed_by": "ann",
    }


def test_the_source_comes_from_the_row_else_the_command_else_the_mapping(mapped: Run) -> None:
    files: dict[str, str | bytes] = {"a.csv": "id,day,who\n1,2026-01-01,phone\n"}
    assert values(mapped(HEAD, files), "source") == ["shop"]
    assert values(mapped(HEAD, files, source="web {x}"), "source") == ["web {x}"]
    assert values(mapped(HEAD + 'source = "{who}"\n', files, source="web"), "source") == ["phone"]
    with pytest.raises(WrongUsage, match="source"):
        mapped(HEAD.replace('source = "shop"\n', ""), files)
