"""One idea: what speaks for it, where the rankings put it and why, and what can be done with it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from openxmo.core.decide.duplicates import Text, likenesses
from openxmo.core.decide.items import FACETS
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.decide import actions, board, queries, reasons
from openxmo.office.decide.forms import ActualForm, EvidenceForm, ItemForm, initial_of
from openxmo.office.decide.models import Item, Merge
from openxmo.office.decide.permissions import can_keep, can_see, check_keep, check_place
from openxmo.office.decide.states import MOVES, OPEN, TONES, State
from openxmo.office.decide.surveying import is_asked
from openxmo.office.decide.views.frame import Frame, address_of
from openxmo.office.decide.vocabulary import LABELS, label_of
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.lib.things import find_thing
from openxmo.office.ui.components.words import day, number

MOST_MERGE_CHOICES = 200
MOVE_WORDS = {
    State.PROPOSED: gettext_lazy("Back to proposed"),
    State.READY: gettext_lazy("It is ready"),
    State.CHOSEN: gettext_lazy("Choose it"),
    State.IN_PROGRESS: gettext_lazy("Work has begun"),
    State.DONE: gettext_lazy("It is done"),
}


@open_to(Right.READ_SCORES)
@require_safe
def show(request: OfficeRequest, item_id: int) -> HttpResponse:
    frame = Frame(request)
    item = frame.find(item_id)
    if item.state == State.MERGED:
        return lead_on(request, frame, item)
    return render(request, "decide/item.html", context_of(frame, item))


def lead_on(request: OfficeRequest, frame: Frame, item: Item) -> HttpResponse:
    """The address of a merged idea leads to the one it went into, which says so."""
    standing = frame.find(queries.standing_item(item).pk)
    messages.info(request, gettext("“%s” went into this idea.") % item.title)
    return redirect("decide-item", item_id=standing.pk)


def context_of(frame: Frame, item: Item, **more: Any) -> dict[str, Any]:
    """Everything on the page of one idea; `more` are forms that go back with what is wrong."""
    request = frame.request
    entry = frame.read([item])[0]
    document = frame.ranking.to_document()
    row = board.build_rows([entry], document, frame.currency)[0]
    why = reasons.reasons_of(entry, row, document)
    keeps = can_keep(request.access, item)
    return {
        "item": item,
        "entry": entry,
        "row": row,
        "tone": TONES[item.state],
        "answer": answer_of(frame, entry, why),
        "facets": facets_of(frame, item),
        "unit_label": frame.unit_label(item.unit) if item.unit else "",
        "reasons": why,
        "spoken": reasons.evidence_of(entry, request.access),
        "parts": reasons.estimates_of(entry, item.estimates.all(), item.actuals.all(), frame.currency),
        "merged": [other for other in item.merged.all() if can_see(request.access, other)],
        "merges": Merge.objects.filter(into=item, undone_at__isnull=True),
        "can_keep": keeps,
        "changeable": keeps and item.state != State.MERGED,
        **(deeds_of(frame, entry) if keeps else {}),
        **onward(frame, item),
        **more,
    }


def answer_of(frame: Frame, entry: queries.Entry, why: list[reasons.Reason]) -> str:
    """Where it stands, how often it was heard, and what keeps it back."""
    said = [reasons.standing_words(why)]
    if entry.blocked and entry.is_open:
        said = [gettext("It is not ranked.") + " " + " ".join(plain(frame, sentence) for sentence in entry.blocked)]
    if entry.evidence:
        said.append(
            ngettext("Heard %(count)s time, last on %(day)s.", "Heard %(count)s times, last on %(day)s.", entry.heard)
            % {"count": number(entry.heard), "day": day(entry.newest)}
        )
    else:
        said.append(gettext("Nothing that was heard speaks for it yet."))
    return " ".join(sentence for sentence in said if sentence)


def plain(frame: Frame, sentence: str) -> str:  # noqa: ARG001
    """A sentence about facets with their names as people read them."""
    for facet, label in LABELS.items():
        sentence = sentence.replace(facet, str(label))
    return sentence


def facets_of(frame: Frame, item: Item) -> list[dict[str, Any]]:
    return [
        {
            "label": LABELS[facet],
            "word": label_of(frame.vocabulary, facet, getattr(item, facet)) if getattr(item, facet) else "",
        }
        for facet in FACETS
    ]


def deeds_of(frame: Frame, entry: queries.Entry) -> dict[str, Any]:
    """What the keeper of the backlog may do as the idea stands."""
    item = entry.item
    others = [other for other in frame.entries if other.is_open and other.item.pk != item.pk]
    texts = {str(other.item.pk): Text(other.item.title, other.item.description) for other in others}
    near = likenesses(Text(item.title, item.description), texts)
    others.sort(key=lambda other: (-near[str(other.item.pk)], other.item.title))
    ready = not entry.blocked
    return {
        "moves": [
            (to.value, MOVE_WORDS[to])
            for to in MOVES[State(item.state)]
            if to in MOVE_WORDS and (ready or to not in (State.READY, State.CHOSEN))
        ],
        "may_decline": State.DECLINED in MOVES[State(item.state)],
        "may_merge": item.state in OPEN and bool(others),
        "merge_choices": [other.item for other in others[:MOST_MERGE_CHOICES]],
        "may_ask": frame.access.has(Right.CHANGE_OFFICE) and item.state in OPEN and not is_asked(item, frame.office),
        "evidence_form": EvidenceForm(),
        "actual_form": ActualForm(currency=frame.currency),
    }


def onward(frame: Frame, item: Item) -> dict[str, str]:
    """The pages of other rooms that begin with an idea, for those who may open them."""
    access, query = frame.request.access, urlencode({"item": item.name})
    recommend = address_of("act-recommendation-new", query) if access.has(Right.RECOMMEND) else ""
    plan = address_of("prove-initiative-new", query) if access.has(Right.RUN_INITIATIVES) else ""
    return {"recommend": recommend, "plan": plan}


# NEW AND CHANGED


@open_to(Right.KEEP_BACKLOG)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficeRequest) -> HttpResponse:
    """An idea from what was heard: `?title=` and `?evidence=finding:3` (also `case:7*12`, and again) are taken over."""
    frame = Frame(request)
    given = request.POST.getlist("evidence") if request.method == "POST" else evidence_asked(request)
    evidence = read_evidence(given)
    if request.method != "POST":
        initial = {name: request.GET.get(name, "") for name in ("title", "description", *FACETS, "unit")}
        form = form_of(frame, None, initial=initial)
        return render(request, "decide/new.html", new_context(frame, form, evidence, initial["title"]))
    form = form_of(frame, request.POST)
    if not form.is_valid():
        return render(request, "decide/new.html", new_context(frame, form, evidence, ""), status=422)
    data = form.cleaned_data
    context = new_context(frame, form, evidence, data["title"], data["description"])
    if context["alike"] and request.POST.get("is_new") != "yes":
        return render(request, "decide/new.html", {**context, "ask_again": True}, status=422)
    check_place(request.access, data["unit"])
    item = actions.propose_item(
        title=data["title"],
        description=data["description"],
        experience=data["experience"],
        facets=form.facets,
        unit=data["unit"] or None,
        money_frame=data["money_frame"],
        evidence=evidence,
        by=frame.by,
        at=frame.at,
    )
    messages.success(request, gettext("The idea stands in the backlog."))
    return redirect("decide-item", item_id=item.pk)


def form_of(frame: Frame, given: QueryDict | None, *, initial: dict[str, Any] | None = None) -> ItemForm:
    access = frame.request.access
    return ItemForm(given, vocabulary=frame.vocabulary, office=frame.office, access=access, initial=initial)


def evidence_asked(request: OfficeRequest) -> list[str]:
    return [part for each in request.GET.getlist("evidence") for part in each.split(",")]


def read_evidence(given: list[str]) -> list[tuple[str, int]]:
    """`case:7` is heard once, `finding:3*12` twelve times."""
    found = []
    for text in filter(None, (each.strip() for each in given)):
        thing, star, count = text.rpartition("*")
        if star and not (count.isdigit() and int(count) > 0):
            raise WrongUsage(
                gettext("“%(text)s” names no evidence.") % {"text": text[:80]},
                mend=gettext("Write it as finding:3, or finding:3*12."),
            )
        found.append((thing, int(count)) if star else (text, 1))
    return found


def new_context(
    frame: Frame, form: ItemForm, evidence: list[tuple[str, int]], title: str, description: str = ""
) -> dict[str, Any]:
    return {
        "form": form,
        "evidence": [
            {
                "given": f"{thing}*{count}",
                "thing": find_thing(thing, frame.request.access),
                "name": thing,
                "count": count,
            }
            for thing, count in evidence
        ],
        "alike": queries.find_like(title, description, frame.entries) if title else [],
    }


@open_to(Right.KEEP_BACKLOG)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OfficeRequest, item_id: int) -> HttpResponse:
    frame = Frame(request)
    item = frame.find(item_id)
    check_keep(request.access, item)
    form = form_of(frame, request.POST if request.method == "POST" else None, initial=initial_of(item))
    if request.method != "POST":
        return render(request, "decide/edit.html", {"item": item, "form": form})
    if form.is_valid():
        data = form.cleaned_data
        if data["unit"] != item.unit:
            check_place(request.access, data["unit"])
        try:
            actions.change_item(
                item=item,
                revision=data["revision"] or 0,
                title=data["title"],
                description=data["description"],
                facets=form.facets,
                unit=data["unit"] or None,
                money_frame=data["money_frame"],
                by=frame.by,
                at=frame.at,
            )
        except WrongUsage as error:
            form.add_error(None, f"{error.what} {error.mend}")
            item.refresh_from_db()
            given = request.POST.copy()
            given["revision"] = str(item.revision)
            form.data = given
        else:
            messages.success(request, gettext("Saved."))
            return to_item(item)
    return render(request, "decide/edit.html", {"item": item, "form": form}, status=422)


def to_item(item: Item) -> HttpResponseRedirect:
    return redirect("decide-item", item_id=item.pk)
