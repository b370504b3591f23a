"""The small components."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from openxmo.office.lib.clock import now
from openxmo.office.lib.things import Thing
from openxmo.office.ui.asked import Asked
from openxmo.office.ui.components.trail import WALKS, Walks
from openxmo.office.ui.periods import read_period
from openxmo.office.ui.templatetags import ui


def render(template: str, /, **context: Any) -> str:
    return re.sub(r"[ \n]+", " ", Template("{% load ui %}" + template).render(Context(context))).strip()


def test_a_pill_says_its_tone_by_a_sign_as_well() -> None:
    assert "▼" in render('{% pill "late" tone="worse" %}')
    assert "▲" in render('{% pill "kept" tone="better" %}')
    with pytest.raises(KeyError):
        render('{% pill "late" tone="red" %}')


def test_a_quote_is_masked_and_escaped() -> None:
    html = render("{% quote text theme=theme %}", text="Write to jo@example.org <b>now</b>", theme="Router lights")
    assert "[email]" in html
    assert "jo@example.org" not in html
    assert "&lt;b&gt;" in html
    assert "Router lights" in html


def test_a_clock_says_late_in_words() -> None:
    at = now()
    assert "2\u202fh 1\u202fmin late" in render("{% due at %}", at=at - timedelta(hours=2, minutes=1))
    assert "tone-worse" in render("{% due at %}", at=at - timedelta(hours=2))
    assert "tone-open" in render("{% due at warn_at=soon %}", at=at + timedelta(hours=1), soon=at - timedelta(hours=1))
    assert "late" not in render("{% due at done=True %}", at=at - timedelta(hours=2))
    assert "no clock" in render("{% due at %}", at=None)


def test_a_trail_shows_both_ways_and_nothing_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Thing("signal:web/a", "Answer", "three calls", "/signals/a/")
    monkeypatch.setattr(WALKS, "earlier", lambda name, _: [found] if name == "case:7" else [])
    monkeypatch.setattr(WALKS, "later", lambda *_: [])
    html = render('{% trail "case:7" %}', request=SimpleNamespace(access=None))
    assert "Came out of" in html
    assert '<a href="/signals/a/">' in html
    assert "Led to" not in html
    assert render('{% trail "case:8" %}', request=SimpleNamespace(access=None)) == ""


def test_a_trail_tells_once_how_many_of_a_kind_the_reader_does_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Thing("item:1", "Idea", "Call ahead", "/decide/items/1/")
    cases = [Thing(f"case:{key}", "Case", "that you do not see", "", hidden=True) for key in range(3)]
    finding = Thing("finding:1", "Finding", "that you do not see", "", hidden=True)
    monkeypatch.setattr(WALKS, "earlier", lambda *_: [cases[0], seen, *cases[1:], finding])
    monkeypatch.setattr(WALKS, "later", lambda *_: [])
    html = render('{% trail "item:2" %}', request=SimpleNamespace(access=None))
    assert html.count("that you do not see, 3 of them") == 1
    assert html.count("that you do not see") == 2
    assert html.index("3 of them") < html.index("Call ahead")


def test_the_room_that_keeps_the_trail_has_said_how_it_is_found() -> None:
    assert WALKS.earlier.__module__ == "openxmo.office.govern.trail"
    assert Walks().later("case:7", None) == ()


def test_a_deed_carries_its_token_and_what_is_sent_along() -> None:
    html = render('{% deed "Close it" "/act/7/" state="closed" %}', csrf_token="t0ken")
    assert 'method="post" action="/act/7/"' in html
    assert "t0ken" in html
    assert '<input type="hidden" name="state" value="closed">' in html
    assert "csrf" not in render('{% deed "Look" "/act/7/" method="get" %}', csrf_token="t0ken")


class Sample(forms.Form):
    name = forms.CharField(help_text="As customers say it.")
    size = forms.ChoiceField(choices=[("s", "Small")], widget=forms.RadioSelect)
    sure = forms.BooleanField(required=False)
    code = forms.CharField(widget=forms.HiddenInput, initial="x")
    note = forms.CharField(required=False, widget=forms.TextInput(attrs={"class": "wide"}))


def test_every_control_has_a_label_and_tells_what_is_wrong() -> None:
    html = render("{% form_fields form %}", form=Sample({"size": "s", "code": "x"}))
    assert '<label class="form-label" for="id_name">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div class="field-error" id="id_name_error">' in html
    assert "<legend" in html
    assert 'class="wide form-control"' in html
    assert html.count('type="hidden"') == 1


def test_a_row_of_months_is_drawn_from_edge_to_edge_and_said_in_words() -> None:
    drawn = render("{% spark values ambition=4 unit='points' %}", values=[1.0, 3.0, 2.0])
    assert 'points="0.0,25.0 60.0,10.3 120.0,17.7"' in drawn  # the ambition of 4 is the upper edge
    assert 'y1="3.0" y2="3.0"' in drawn
    assert drawn.count("from 1.0 to 2.0 points") == 2  # as a title and as a label


def test_a_hole_parts_a_row_of_months_and_too_little_draws_nothing() -> None:
    drawn = render("{% spark values %}", values=[1.0, 2.0, None, 2.0, 1.0, None, 3.0])
    assert drawn.count("<polyline") == 2
    assert "spark-ambition" not in drawn
    assert render("{% spark values ambition=4 %}", values=[None, 2.0]) == '<span class="quiet">—</span>'
    assert 'points="0.0,14.0 120.0,14.0"' in render("{% spark values %}", values=[5.0, 5.0])


def test_crumbs_end_at_the_page() -> None:
    html = render('{% crumbs "Backlog" "/decide/" title %}', title="Hub 3 <lights>")
    assert '<a href="/decide/">Backlog</a>' in html
    assert '<li aria-current="page">Hub 3 &lt;lights&gt;</li>' in html


def test_an_empty_place_teaches() -> None:
    html = render('{% empty title="Themes stand here" why="They show what to mend." button="Import" url="/listen/" %}')
    assert "<h2>Themes stand here</h2>" in html
    assert '<a class="btn btn-primary" href="/listen/">Import</a>' in html


def test_links_keep_what_is_being_looked_at() -> None:
    period = read_period("2026-Q1", today=now().date())
    asked = Asked("north", period, {"unit": "north", "period": "2026-Q1"})
    assert asked.carry("/act/?page=2") == "/act/?page=2&unit=north&period=2026-Q1"
    assert asked.carry("/act/?unit=south") == "/act/?unit=south&period=2026-Q1"
    assert asked.carry("https://example.org/") == "https://example.org/"
    assert (
        render("{% keep address %}", asked=asked, address="/act/?a=<b>")
        == "/act/?a=%3Cb%3E&amp;unit=north&amp;period=2026-Q1"
    )
    assert render("{% keep address %}", address="/act/") == "/act/"


def test_ids_are_never_given_twice() -> None:
    cell = {"value": 1.0, "low": 0.5, "high": 1.5, "n": 40}
    assert ui.estimate(cell)["id"] != ui.estimate(cell)["id"]
