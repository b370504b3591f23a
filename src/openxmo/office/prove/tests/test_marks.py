"""What was done to move a metric stands as a mark on the metric's own chart, for whoever may see the initiative."""

import html
from collections.abc import Callable

import msgspec
import pytest
from django.test import Client

from openxmo.core.metrics.metric import Score
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.prove.tests.conftest import approved, started

Sign = Callable[[str], Client]
EXPLORE = "/understand/explore/?metric=csat&every={}&period=2026-01-01..2026-10-31"
pytestmark = pytest.mark.usefixtures("home")


def marks_of(client: Client, every: str = "month") -> list[tuple[str, str]]:
    chart = client.get(EXPLORE.format(every)).context["chart"]
    return [(mark["at"], mark["label"]) for mark in chart["marks"]]


@pytest.mark.parametrize(("every", "at"), [("month", "2026-07"), ("quarter", "2026-Q3"), ("week", "2026-W27")])
def test_an_initiative_that_began_marks_the_period_of_its_change(sign_in: Sign, every: str, at: str) -> None:
    made = started()
    assert marks_of(sign_in("Lea"), every) == [(at, made.title)]


def test_the_page_leads_to_the_initiative(sign_in: Sign) -> None:
    made = started()
    page = html.unescape(sign_in("Lea").get(EXPLORE.format("month")).content.decode())
    assert f'<a href="/prove/initiatives/{made.pk}/">{made.title}</a>' in page


def test_what_was_only_planned_marks_nothing(sign_in: Sign) -> None:
    approved()
    assert marks_of(sign_in("Lea")) == []


def test_nor_does_what_the_reader_may_not_see_or_what_moves_another_metric(sign_in: Sign) -> None:
    started()
    assert marks_of(sign_in("Tom")) != []
    carl = sign_in("Carl").get(EXPLORE.format("month"))
    assert carl.status_code == 200
    assert not carl.context["chart"] or carl.context["chart"]["marks"] == []
    other = sign_in("Lea").get(EXPLORE.format("month").replace("csat", "handle_time"))
    assert not other.context["chart"] or other.context["chart"]["marks"] == []


def test_a_changed_definition_marks_its_period_too(home: Home, sign_in: Sign) -> None:
    csat = next(one for one in read_office(home).metrics if one.key == "csat")
    put(home, msgspec.structs.replace(csat, score=Score(kind="top_box", top=5)), by="Lea", at=now())
    address = "/understand/explore/?metric=csat&every=year"
    marks = sign_in("Lea").get(address).context["chart"]["marks"]
    assert [mark["label"] for mark in marks if mark["at"] == str(now().year)] == ["definition changed"]
