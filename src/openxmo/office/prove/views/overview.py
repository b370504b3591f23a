"""What is under way? The time line, what blocks, and which verdicts are near."""

from django.http import HttpResponse
from django.shortcuts import render

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.prove import queries, timeline, wording
from openxmo.office.prove.models import Initiative
from openxmo.office.prove.states import State
from openxmo.office.prove.zones import day_of


@open_to(Right.READ_SCORES)
def under_way(request: OfficeRequest) -> HttpResponse:
    at = now()
    running = queries.under_way(request.access)
    words = {each.pk: last_words(each) for each in running}
    line = timeline.lay(running, today=day_of(at), words=words, blockers=queries.standing_blockers(running))
    blocked = queries.open_blockers(request.access, at=at)
    over = [
        (each, (verdict := queries.standing_verdict(each)), wording.short(verdict), wording.tone(verdict))
        for each in queries.over(request.access)
    ]
    context = {
        "line": line,
        "over": over,
        "blocked": blocked,
        "near": queries.near_verdict(request.access, at=at),
        "today": day_of(at),
        "running": sum(each.state == State.UNDER_WAY for each in running),
        "waiting": sum(each.state in (State.DRAFT, State.APPROVED) for each in running),
        "due": sum(each.state == State.ENDED for each in running),
        "blockers": sum(len(each.rows) for each in blocked),
        "late": sum(row.late for row in line.rows),
        "may_plan": request.access.has(Right.RUN_INITIATIVES),
        "any": bool(running or over),
    }
    return render(request, "prove/under_way.html", context)


def last_words(initiative: Initiative) -> tuple[str, str]:
    verdict = queries.standing_verdict(initiative)
    return (wording.short(verdict), wording.tone(verdict)) if verdict else ("", "quiet")
