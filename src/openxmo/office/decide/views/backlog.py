"""What should we improve next? The backlog as a table, as value against effort, and as four rankings side by side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from openxmo.core.decide.appraisal import FRAMEWORKS
from openxmo.core.decide.items import FACETS
from openxmo.office.accounts.roles import Right
from openxmo.office.decide import answers, board, picture, policies, queries
from openxmo.office.decide.forms import SORT_WORDS
from openxmo.office.decide.permissions import can_change_words, can_keep
from openxmo.office.decide.states import State
from openxmo.office.decide.views.frame import Frame
from openxmo.office.decide.vocabulary import EXPERIENCE_LABELS, LABELS
from openxmo.office.govern.queries import units_within
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import asked_of
from openxmo.office.ui.components import chart

TOP = 5  # of each ranking, before the whole table
MOST_DRAWN = 60
ROWS = 100  # of a page of the table


@open_to(Right.READ_SCORES)
def backlog(request: OfficeRequest) -> HttpResponse:
    frame = Frame(request)
    unit = asked_of(request).unit
    units = units_within(frame.office.units, [unit], day=frame.at.date()) if unit else None
    asked = board.read_asked(request.GET.dict(), units)
    document = frame.ranking.to_document()
    rows = board.build_rows(frame.entries, document, frame.currency)
    shown = board.order(board.narrow(rows, asked), asked.sort)
    context = {
        "rows": page_of(shown, request.GET.get("page", "1")),
        "blocked": [row for row in shown if row.entry.blocked and row.entry.is_open],
        "asked_here": asked,
        "filters": filters_of(frame, asked),
        "sorts": [sort_link(request, asked, sort) for sort in SORT_WORDS],
        "found": len(shown),
        "any": bool(rows),
        "states": [("open", gettext("open")), ("all", gettext("all")), *State.choices],
        "can_keep": can_keep(request.access),
        "can_words": can_change_words(request.access),
        "stale_after": policies.STALE_AFTER.days,
        **sides(frame, document, rows),
        **picture_context(request, frame, rows),
    }
    template = "decide/_table.html" if request.htmx and request.htmx.target == "backlog" else "decide/backlog.html"
    return render(request, template, context)


def page_of(shown: list[board.Row], asked: str) -> dict[str, Any]:
    """The ranked and closed rows of one page; blocked ones stand in their own part."""
    listed = [row for row in shown if not (row.entry.blocked and row.entry.is_open)]
    last = max((len(listed) - 1) // ROWS + 1, 1)
    number = min(max(int(asked) if asked.isdigit() else 1, 1), last)
    return {
        "listed": listed[(number - 1) * ROWS : number * ROWS],
        "number": number,
        "last": last,
        "before": number - 1,
        "after": number + 1,
    }


def sides(frame: Frame, document: dict[str, Any], rows: list[board.Row]) -> dict[str, Any]:
    """The four rankings, each with its first items, and how they stand to each other."""
    by_key = {row.entry.item.key: row for row in rows}
    return {
        "answer": answers.answer(document),
        "open_count": sum(row.entry.is_open for row in rows),
        "ranked_count": len(document["items"]),
        "blocked_count": len(document["blocked"]),
        "four": [four_of(framework, document, by_key) for framework in FRAMEWORKS],
        "agreement": answers.agreement_rows(document),
        "contested": answers.contested(document),
        "flips": answers.flips_told(document),
        "effort_up": document["effort_up"],
        "rate": frame.rate,
        "alike": len(queries.find_alike(frame.entries)),
        "heard": sum(row.entry.heard for row in rows if row.entry.is_open),
        "stale": sum(row.entry.stale for row in rows if row.entry.is_open),
    }


def four_of(framework: str, document: dict[str, Any], by_key: dict[str, board.Row]) -> dict[str, Any]:
    held = sorted((each for each in document["items"] if each[framework]), key=lambda each: each[framework]["rank"])
    places = [
        {
            "row": by_key[each["key"]],
            "place": next(place for place in by_key[each["key"]].places if place.framework == framework),
            "sure": answers.how_sure(each[framework]["leads"]),
        }
        for each in held[:TOP]
    ]
    return {
        "name": board.NAMES[framework],
        "key": framework,
        "asks": board.ASKS[framework],
        "places": places,
        "count": len(held),
        "without": len(document["items"]) - len(held),
    }


def picture_context(request: OfficeRequest, frame: Frame, rows: list[board.Row]) -> dict[str, Any]:
    """The first of what is ranked: a picture of hundreds would show nothing."""
    kind = request.GET.get("picture", "wsjf")
    kind = kind if kind in picture.PICTURES else "wsjf"
    ranked = [row.entry for row in board.order(rows, "together") if row.together is not None]
    drawn = picture.draw(ranked[:MOST_DRAWN], kind, rate=frame.rate, currency=frame.currency)
    return {
        "drawn": drawn,
        "undrawn": len(ranked[MOST_DRAWN:]),
        "experiences": EXPERIENCE_LABELS.items(),
        "drawn_table": chart.lay_table(drawn.table),
        "pictures": [(name, board.NAMES[name], name == kind) for name in picture.PICTURES],
    }


def filters_of(frame: Frame, asked: board.Asked) -> list[dict[str, Any]]:
    """A facet with the words that its visible items hold, so that no choice leads to an empty table."""
    found = []
    for facet in FACETS:
        held = {getattr(entry.item, facet) for entry in frame.entries} - {""}
        chosen = (asked.facets or {}).get(facet, "")
        words = [(choice.word, choice.label) for choice in frame.vocabulary[facet] if choice.word in held]
        words += [(word, word) for word in sorted(held - {word for word, _label in words})]
        found.append({"name": facet, "label": LABELS[facet], "words": words, "chosen": chosen})
    return found


def sort_link(request: OfficeRequest, asked: board.Asked, sort: str) -> dict[str, Any]:
    query = request.GET.copy()
    query["sort"] = sort
    query.pop("page", None)
    return {
        "key": sort,
        "label": SORT_WORDS[sort],
        "address": f"{reverse('decide-backlog')}?{query.urlencode()}#backlog",
        "here": asked.sort == sort,
    }
