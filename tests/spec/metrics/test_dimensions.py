"""What a score can be cut by: columns, attributes, declared and borrowed dimensions, lists."""

import pyarrow as pa
import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.dimensions import is_list
from openxmo.core.metrics.metric import Dimension
from openxmo.core.signals.store.tables import ENRICHMENTS
from tests.spec.metrics.heard import AS_OF, Heard, answers, measure

MEAN = measure("mean")


def test_missing_is_a_value_and_comes_last(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(*answers([1.0]), *answers([2.0], channel="phone"), *answers([3.0], channel="chat"))
    cells = heard_everywhere.cells(MEAN, by=["channel"])
    assert [cell.by for cell in cells] == [{"channel": "chat"}, {"channel": "phone"}, {"channel": None}]


def test_an_attribute_is_a_dimension_and_may_have_another_name(heard: Heard) -> None:
    heard.define(Dimension(key="plan", column="attrs.tariff"), Dimension(key="site"))
    heard.hear(*answers([1.0, 3.0], attrs=[("tariff", "gold")], site="a"), *answers([5.0], attrs=[("other", "x")]))
    assert heard.table(MEAN, by=["attrs.tariff"]) == {"gold": (2, 2.0), None: (1, 5.0)}
    assert heard.table(MEAN, by=["plan", "site"]) == {("gold", "a"): (2, 2.0), (None, None): (1, 5.0)}
    assert heard.mean(MEAN, where=[("plan", "gold")]) == 2


def test_a_fact_of_a_linked_signal_is_borrowed(heard_everywhere: Heard) -> None:
    delivered = Dimension(key="days", link="issue", signal="delivered", take="value", pick="last")
    first = Dimension(key="carrier", link="issue", signal="delivered", take="attrs.carrier", pick="first")
    heard_everywhere.define(delivered, first)
    heard_everywhere.hear(
        {"name": "delivered", "issue": "o1", "value": 3.0, "happened_at": "2026-03-01", "attrs": [("carrier", "ups")]},
        {"name": "delivered", "issue": "o1", "value": 4.0, "happened_at": "2026-03-02", "attrs": [("carrier", "dhl")]},
        *answers([5.0], issue="o1"),
        *answers([1.0], issue="o2"),
        *answers([2.0]),
    )
    assert heard_everywhere.table(MEAN, by=["days", "carrier"]) == {("4", "ups"): (1, 5.0), (None, None): (2, 1.5)}
    assert heard_everywhere.mean(MEAN, where=[("days", "4")]) == 5


def test_a_marked_or_later_fact_is_not_borrowed(heard: Heard) -> None:
    heard.define(Dimension(key="late", link="issue", signal="delivered"))
    delivered = {"name": "delivered", "issue": "o1", "value": None}
    heard.hear(
        {**delivered, "label": "yes"},
        {**delivered, "label": "no", "happened_at": "2026-03-11"},
        *answers([5.0], issue="o1"),
    )
    assert list(heard.table(MEAN, by=["late"])) == ["no"]
    heard.mark(2, "2026-03")
    assert list(heard.table(MEAN, by=["late"])) == ["yes"]


def test_of_dated_facts_about_a_person_the_newest_before_counts(heard_everywhere: Heard) -> None:
    heard_everywhere.define(Dimension(key="tier", link="subject", signal="profile", take="label"))
    profile = {"name": "profile", "subject": "c0", "value": None}
    heard_everywhere.hear(
        {**profile, "label": "basic", "happened_at": "2026-01-10"},
        {**profile, "label": "gold", "happened_at": "2026-02-10"},
        *(answers([value], happened_at=day)[0] for value, day in ((1.0, "2026-01-01"), (2.0, "2026-01-10"))),
        *(answers([value], happened_at=day)[0] for value, day in ((3.0, "2026-02-09"), (4.0, "2026-03-01"))),
    )
    assert heard_everywhere.table(MEAN, by=["tier"]) == {"basic": (2, 2.5), "gold": (1, 4.0), None: (1, 1.0)}


def test_a_linked_signal_may_be_asked_to_exist(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(
        {"name": "escalation", "issue": "i1", "value": None},
        {"name": "escalation", "contact": "k2", "value": None},
        *answers([1.0], issue="i1"),
        *answers([2.0], issue="i9", contact="k2"),
        *answers([3.0], issue="i3"),
        *answers([4.0]),
    )
    escalated = measure("mean", where={"exists:escalation": True})
    assert (heard_everywhere.cell(escalated).tally.n, heard_everywhere.mean(escalated)) == (2, 1.5)
    assert heard_everywhere.mean(measure("mean", where={"exists:escalation": False})) == 3.5
    assert heard_everywhere.mean(MEAN, where=[("exists:escalation", "true")]) == 1.5
    with pytest.raises(WrongUsage, match="either true or false"):
        heard_everywhere.mean(MEAN, where=[("exists:escalation", "perhaps")])


def test_a_list_counts_a_signal_in_each_of_its_cells(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(
        *answers([1.0], objects=["order:1", "item:7"]), *answers([3.0], objects=["order:1"]), *answers([5.0])
    )
    assert heard_everywhere.table(MEAN, by=["objects"]) == {
        "item:7": (1, 1.0),
        "order:1": (2, 2.0),
        None: (1, 5.0),
    }
    assert heard_everywhere.cell(MEAN, where=[("objects", "order:1")]).tally.n == 2


def test_themes_come_from_what_was_said_about_a_signal_afterwards(heard: Heard) -> None:
    heard.hear(*answers([1.0, 3.0, 5.0]))
    theme = {"month": "2026-03", "what": "theme", "model": "m1", "enriched_at": AS_OF}
    lines = [{**theme, "row": 1, "label": "price"}, {**theme, "row": 1, "label": "wait"}]
    lines.append({**theme, "row": 2, "label": "wait"})
    heard.lake.append(ENRICHMENTS, pa.Table.from_pylist(lines, schema=ENRICHMENTS.schema))
    heard.engine.refresh()
    assert heard.table(MEAN, by=["theme"]) == {"price": (1, 1.0), "wait": (2, 2.0), None: (1, 5.0)}
    assert heard.mean(MEAN, where=[("theme", "wait")]) == 2


def test_only_one_list_cuts_and_lists_are_known_as_such(heard: Heard) -> None:
    heard.define(Dimension(key="things", column="objects"))
    assert is_list("theme", heard.definitions)
    assert is_list("things", heard.definitions)
    assert not is_list("attrs.objects", heard.definitions)
    with pytest.raises(WrongUsage, match="Only one of the dimensions may be a list"):
        heard.cells(MEAN, by=["objects", "theme"])
    with pytest.raises(WrongUsage, match="named twice"):
        heard.cells(MEAN, by=["channel", "channel"])


def test_a_name_with_quotes_in_it_stays_a_name(heard: Heard) -> None:
    odd = "x'; DROP TABLE signals; --"
    heard.hear(*answers([1.0], attrs=[(odd, "y'z")], channel='ch"at'))
    assert heard.table(MEAN, by=[f"attrs.{odd}", "channel"]) == {("y'z", 'ch"at'): (1, 1.0)}
    assert heard.mean(MEAN, where=[(f"attrs.{odd}", "y'z")]) == 1
