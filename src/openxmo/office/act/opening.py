"""Rules on fresh signals: cases open, possible complaints wait to be read. Each rule speaks once about each answer.

What was found, that a rule fired and how far was read are one transaction: killed anywhere before it,
nothing has happened and the next run finds the same; after it, the next run finds nothing new.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_head
from openxmo.office.accounts import audit
from openxmo.office.act.addresses import responses_left_since, responses_with_address
from openxmo.office.act.causes import start_vocabulary
from openxmo.office.act.fresh import Answer, read_fresh
from openxmo.office.act.holding import tell_of_complaint
from openxmo.office.act.judging import Finding, judge
from openxmo.office.act.models import Case, EscalationEvent, Firing, OpeningCursor, PossibleComplaint
from openxmo.office.act.routing import Load, route
from openxmo.office.act.rules import Clock
from openxmo.office.govern import trail
from openxmo.office.govern.office import Office
from openxmo.office.govern.queries import read_office

RULES = "rules"  # who opens a case where no person does
OVERLAP = timedelta(minutes=2)  # an address is left a moment before or after its answer is heard
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def open_cases(home: Home, *, at: datetime) -> list[Case]:
    """Judge what was heard since the last run, and return the cases that this opened. Cheap where nothing is new."""
    cursor = OpeningCursor.objects.filter(pk=1).first()
    read, looked_at = (cursor.import_number, cursor.looked_at) if cursor else (0, BEGINNING)
    lake = Lake.open(home)
    newest = read_head(lake).number
    left = responses_left_since(looked_at - OVERLAP) - judged(looked_at)
    if newest == read and not left:
        return []
    engine = open_duckdb(lake)
    engine.refresh()
    answers = read_fresh(engine, after_import=read, responses=left, at=at)
    office = read_office(home)
    return keep(office, findings_in(office, answers), read=read, newest=max(newest, read), at=at)


def take_as_history(home: Home, *, at: datetime) -> None:
    """What was imported so far opens no case: for an office that begins with years of answers."""
    newest = read_head(Lake.open(home)).number
    OpeningCursor.objects.update_or_create(pk=1, defaults={"import_number": newest, "looked_at": at})


def judged(looked_at: datetime) -> frozenset[str]:
    """Responses with a young address about which a rule has spoken already: looked at again they would say the same."""
    recent = Case.objects.filter(opened_at__gte=looked_at - 2 * OVERLAP).exclude(response="")
    return frozenset(recent.values_list("response", flat=True))


def findings_in(office: Office, answers: Iterable[Answer]) -> list[Finding]:
    answers = list(answers)
    addressed = responses_with_address({answer.first("response") for answer in answers} - {""})
    return [finding for answer in answers for finding in judge(office, answer, addressed=addressed)]


def keep(office: Office, findings: list[Finding], *, read: int, newest: int, at: datetime) -> list[Case]:
    """All of it in one transaction; nothing where another worker has been quicker."""
    with transaction.atomic():
        if findings:
            start_vocabulary(by=RULES, at=at)
        OpeningCursor.objects.get_or_create(pk=1, defaults={"import_number": 0, "looked_at": BEGINNING})
        cursor = OpeningCursor.objects.select_for_update().get(pk=1)
        if cursor.import_number != read:
            return []
        fired = already_fired(findings)
        load = Load()
        cases = []
        for finding in findings:
            if (finding.rule, finding.on) in fired:
                continue
            fired.add((finding.rule, finding.on))
            Firing.objects.create(rule=finding.rule, on=finding.on, fired_at=at)
            if finding.needs_a_person:
                wait_for_a_person(finding)
            elif case := open_or_quicken(office, finding, load=load, at=at):
                cases.append(case)
        cursor.import_number, cursor.looked_at = newest, at
        cursor.save()
    return cases


def already_fired(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    on = sorted({finding.on for finding in findings})
    found: set[tuple[str, str]] = set()
    for start in range(0, len(on), 500):
        rows = Firing.objects.filter(on__in=on[start : start + 500])
        found.update(rows.values_list("rule", "on"))
    return found


def wait_for_a_person(finding: Finding) -> None:
    facts = dict(finding.facts)
    words = facts.pop("words")
    PossibleComplaint.objects.create(
        signal=finding.signals[0],
        answer=facts["answer"],
        topics=sorted(finding.topics),
        words=words,
        unit=facts["unit"],
        team=facts["team"],
        facts={**facts, "happened_at": facts["happened_at"].isoformat()},
        happened_at=facts["happened_at"],
        due_at=finding.due_at or facts["happened_at"],
        case=Case.objects.filter(answer=facts["answer"]).exclude(answer="").first(),
    )


def open_or_quicken(office: Office, finding: Finding, *, load: Load, at: datetime) -> Case | None:
    """A new case, or a shorter clock for the one that this very answer has opened before."""
    answer = finding.facts["answer"]
    standing = Case.objects.filter(answer=answer).first() if answer else None
    if standing is None:
        return open_case(
            office,
            finding.facts,
            rule=finding.rule,
            clocks=finding.clocks,
            load=load,
            at=at,
            by=RULES,
            signals=finding.signals,
        )
    if finding.facts["severe"] and not standing.severe:
        quicken(standing, finding)
        audit.record("case made urgent", by=RULES, at=at, on=[standing.name])
    return None


def open_case(
    office: Office,
    facts: dict[str, Any],
    *,
    rule: str,
    clocks: dict[str, Clock],
    load: Load,
    signals: Iterable[str],
    by: str,
    at: datetime,
) -> Case:
    """Inside a transaction: the case with its owner, its clocks, its place in the trail and its audit line."""
    due = {of: clock.due_at for of, clock in clocks.items()}
    case = Case.objects.create(
        rule=rule,
        opened_at=at,
        due_at=due["reply"],
        first_reply_due_at=due["reply"],
        resolve_due_at=due.get("resolve"),
        update_due_at=due.get("update"),
        final_due_at=due.get("final"),
        **(facts | route(office, facts, load)),
    )
    set_alarms(case, clocks.values())
    tell_of_complaint(case, at=at)
    for signal in dict.fromkeys([case.opened_from, *signals]):
        trail.link(signal, case.name, by=by, at=at)
    audit.record("case opened", by=by, at=at, on=[case.name])
    return case


def set_alarms(case: Case, clocks: Iterable[Clock]) -> None:
    """The rungs of these clocks, for the round that the case is in."""
    EscalationEvent.objects.bulk_create(
        EscalationEvent(case=case, clock=clock.of, step=rung.step, round=case.rounds, due_at=rung.at)
        for clock in clocks
        for rung in clock.rungs
    )


def quicken(case: Case, finding: Finding) -> None:
    """Harm was told in the same answer later: the clock of harm takes the place of the slower one."""
    reply = finding.clocks["reply"]
    case.severe, case.sort, case.rule = True, finding.facts["sort"], finding.rule
    case.first_reply_due_at = min(case.first_reply_due_at, reply.due_at)
    if case.first_reply_at is None:
        case.due_at = case.first_reply_due_at
        case.escalations.filter(clock="reply", round=case.rounds, told_at__isnull=True).delete()
        told = set(case.escalations.filter(clock="reply", round=case.rounds).values_list("step", flat=True))
        left = tuple(rung for rung in reply.rungs if rung.step not in told)
        set_alarms(case, [Clock(reply.of, reply.due_at, left)])
    case.words = finding.facts["words"]
    case.save()
