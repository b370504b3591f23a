"""What is our experience worth, and what is next? One page, made to be printed on one sheet."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openxmo.office.accounts.roles import Right
from openxmo.office.decide.board import rounded
from openxmo.office.decide.seen import Backlog
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home import standing
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.prove.ledger import read_ledger
from openxmo.office.prove.queries import over, standing_verdict, under_way, verdict_due
from openxmo.office.prove.states import ClaimState
from openxmo.office.prove.wording import TONES, WORDS, short
from openxmo.office.ui.asked import asked_of, today

MOST = 5


@open_to(Right.READ_SCORES)
@require_GET
def worth(request: OfficeRequest) -> HttpResponse:
    asked = asked_of(request)
    ledger = read_ledger(request.access, request.office.definitions)
    found = standing.widest(standing.delivered(request.office, since=asked.since, until=asked.until))
    judged = [(each, verdict) for each in over(request.access) if (verdict := standing_verdict(each))]
    context = {
        "period": asked.period,
        "ambitions": standing.with_trend(request.office, found, until=today().replace(day=1)),
        "signed": ledger.sums(ClaimState.SIGNED),
        "claimed": ledger.sums(ClaimState.CLAIMED),
        "lines": ledger.of(ClaimState.SIGNED)[:MOST],
        "verdicts": [(counted_word(word), TONES[word], n) for word, n in count_words(judged)],
        "judged": [(each, short(verdict)) for each, verdict in judged[:MOST]],
        "running": [(each, verdict_due(each)) for each in under_way(request.access)][:MOST],
        "next": next_ideas(request),
        "printed_at": now(),
    }
    return render(request, "home/worth.html", context)


def count_words(judged: list[tuple[Any, Any]]) -> list[tuple[Any, int]]:
    return Counter(verdict.word for _initiative, verdict in judged).most_common()


def counted_word(word: Any) -> str:
    """A verdict's word beside how many have it: each bound stands with its initiative."""
    text = str(WORDS[word])
    return text % _("named below") if "%s" in text else text


def next_ideas(request: OfficeRequest) -> list[dict[str, Any]]:
    """What the rankings put first, each idea once, with those that do."""
    backlog = Backlog(request.office, request.access, now())
    document = backlog.ranking.to_document()
    items = {entry.item.key: entry.item for entry in backlog.entries}
    return [
        {
            "item": items[each["key"]],
            "worth": rounded(each["money"]["npv"]) if each["money"] else None,
            "currency": backlog.currency,
        }
        for each in document["items"][:MOST]
        if each["key"] in items
    ]
