"""Each planted truth measured straight from the rows, without OpenXMO's own metrics."""

from collections.abc import Callable, Sequence

import numpy as np

from openxmo.core.world.months import to_micros
from tests.spec.world.told import AS_OF, Told

Measure = Callable[[Told], float]
TOP2 = "100 * avg((value >= 4)::int)"
TOP1 = "100 * avg((value = 5)::int)"
FCR7 = "100 * avg((not repeated and not handed)::int)"
REPEATED = "100 * avg(repeated::int)"
NOW = f"make_timestamp({to_micros(AS_OF)})"
LAST_90 = f"happened_at >= {NOW} - interval 90 day"
FIRST_90 = f"happened_at < {NOW} - interval 630 day"
SLOW = "attrs['installer'] in ('firm-1', 'firm-2', 'firm-3', 'firm-4')"
NPS = "100 * avg((value >= 9)::int - (value <= 6)::int)"


def simple(what: str, which: str, table: str = "s") -> Measure:
    return lambda world: world.one(f"select {what} from {table} where {which}")


def minus(later: Measure, earlier: Measure) -> Measure:
    return lambda world: later(world) - earlier(world)


def csat(which: str, what: str = TOP2) -> Measure:
    return simple(what, f"name = 'csat' and {which}")


def issues(which: str, what: str = FCR7) -> Measure:
    return simple(what, f"m <= 24 and {which}", "issues")


def response(which: str) -> Measure:
    share = "100 * count(*) filter (name = 'invitation_answered') / count(*) filter (name = 'invitation_sent')"
    return simple(share, which)


def straight_lining(when: str) -> Measure:
    return lambda world: world.one(
        "select 100 * avg(alike::int) from (select min(value) = max(value) as alike from s "
        f"where name = 'programme_answer' and {when} group by response)"
    )


def channels(world: Told) -> list[tuple[float, float, float, float]]:
    """Per channel: share and top-2 rate before and after the move."""
    before, after = "m between 17 and 19", "m between 20 and 22"
    rows = world.all(
        f"select count(*) filter ({before}), count(*) filter ({after}), {TOP2} filter ({before}), "
        f"{TOP2} filter ({after}) from s where name = 'csat' and m between 17 and 22 group by channel"
    )
    n0, n1 = sum(row[0] for row in rows), sum(row[1] for row in rows)
    return [(row[0] / n0, row[1] / n1, row[2], row[3]) for row in rows]


def mix(world: Told) -> float:
    """Kitagawa 1955: what the shift between channels did."""
    return float(sum((w1 - w0) * (r0 + r1) / 2 for w0, w1, r0, r1 in channels(world)))


def rate(world: Told) -> float:
    return float(sum((r1 - r0) * (w0 + w1) / 2 for w0, w1, r0, r1 in channels(world)))


def qa_gap(item: str) -> Measure:
    return lambda world: world.one(
        "select 100 * (avg(value) filter (not repeated) - avg(value) filter (repeated)) "
        f"from s join issues using (issue) where s.name = 'qa' and item = '{item}'"
    )


def begging(world: Told) -> float:
    return world.one(
        "select 100 * count(distinct contact) filter (text like '%a five helps me%') / count(distinct contact) "
        f"from s where name = 'utterance' and agent in ({world.gamers})"
    )


def cap_fcr7(world: Told) -> float:
    """At Brenwick under the cap less the four months around it, less the same of the other sites."""
    under, around = "m in (18, 19)", "m in (16, 17, 20, 21)"

    def change(where: str) -> float:
        return issues(f"{where} and {under}")(world) - issues(f"{where} and {around}")(world)

    return change("site = 'brenwick'") - change("site <> 'brenwick'")


def xla(world: Told) -> float:
    """Start of shift: means in the last whole month, min-max to 0..100, weighted .40, .20, .25, .15."""
    satisfaction, effort, login = (
        world.one(f"select avg(value) from s where name = '{name}' and m = 24")
        for name in ("csat_it", "ces_it", "login_time")
    )
    in_time = world.one("select avg((label = 'in_time')::int) from s where name = 'it_ticket' and m = 24")
    parts = ((satisfaction - 1) / 4, (5 - effort) / 4, (in_time - 0.8) / 0.2, (60 - login) / 50)
    return 100 * sum(part * weight for part, weight in zip(parts, (0.40, 0.20, 0.25, 0.15), strict=True))


def late_cases(world: Told) -> float:
    """Opened more than four open hours before the as-of moment, Friday 10:30: before Thursday 14:30."""
    return world.one(
        "select count(*) from (select min(happened_at) as opened from s where name = 'case' group by issue "
        "having count(*) = 1) where opened < timestamp '2026-11-19 14:30'"
    )


def replied_in_time(world: Told) -> float:
    """The share of replied cases whose wait held at most 4 open hours: same day, or over a night or weekend."""
    world.connection.execute("create or replace macro minute_of(t) as hour(t) * 60 + minute(t)")
    return world.one(
        """
        with waits as (
            select min(happened_at) filter (label = 'opened') as opened,
                   min(happened_at) filter (label = 'replied') as replied
            from s where name = 'case' group by issue having count(*) = 3
        ), days as (
            select opened, replied, len(list_filter(generate_series(opened::date::timestamp, replied::date::timestamp,
                interval 1 day), lambda day: isodow(day) < 6)) - 1 as nights from waits
        )
        select 100 * avg((minute_of(replied) - minute_of(opened) + nights * 8 * 60 <= 240)::int) from days
        """
    )


def person_months(world: Told) -> list[tuple[float, float | None, float, float]]:
    """Lost CES points, NPS if any, months at risk and churns after each CES 2.0 answer until the next."""
    return world.all(
        """
        with answers as (
            select subject, m, 7 - value as lost, lead(m) over (partition by subject order by m, happened_at) as next
            from s where name = 'ces' and instrument = 'ces@2' and m <= 24
        ), gone as (select subject, m as left_in from s where name = 'churn' and m <= 24),
        liked as (select subject, max(value) as nps from s where name = 'nps' group by subject),
        risk as (
            select lost, nps, least(coalesce(next, 24), coalesce(left_in, 24)) - m as months,
                   (left_in > m and left_in <= coalesce(next, 24))::int as churns
            from answers left join gone using (subject) left join liked using (subject)
        )
        select lost, nps, sum(months), sum(coalesce(churns, 0)) from risk where months >= 0 group by lost, nps
        """
    )


def log_rates(rows: Sequence[tuple[float, ...]], columns: int) -> list[float]:
    """Poisson regression of churns on the first `columns` of each row, exposure in the next: the log rate ratios."""
    table = np.array(rows, dtype=float)
    x = np.c_[np.ones(len(table)), table[:, :columns]]
    months, churns = table[:, columns], table[:, columns + 1]
    beta = np.zeros(columns + 1)
    beta[0] = np.log(churns.sum() / months.sum())
    for _ in range(50):
        mean = months * np.exp(x @ beta)
        beta += np.linalg.solve(x.T @ (x * mean[:, None]), x.T @ (churns - mean))
    return [float(b) for b in beta[1:]]


def hazard(world: Told) -> float:
    rows = [(lost, months, churns) for lost, _, months, churns in person_months(world)]
    return float(np.exp(log_rates(rows, 1)[0]))


def hazard_nps(world: Told) -> float:
    rows = [(lost, nps, months, churns) for lost, nps, months, churns in person_months(world) if nps is not None]
    return float(np.exp(log_rates(rows, 2)[1]))


MEASURES: dict[str, Measure] = {
    "response-over-asked": response(f"segment = 'small_business' and {LAST_90}"),
    "response-before": response(f"segment = 'small_business' and {FIRST_90}"),
    "asked-in-90-days": simple(
        "count(*) / count(distinct subject)", f"name = 'invitation_sent' and segment = 'small_business' and {LAST_90}"
    ),
    "straight-lining": straight_lining(LAST_90),
    "straight-lining-before": straight_lining(FIRST_90),
    "app-response": response("label = 'after_contact' and attrs['app'] = 'yes'"),
    "other-response": response("label = 'after_contact' and attrs['app'] = 'no'"),
    "raw-csat-too-high": csat("true", "avg(value) - sum(value * weight) / sum(weight)"),
    "ces1": simple("avg(value)", "name = 'ces' and instrument = 'ces@1'"),
    "ces2": simple("avg(value)", "name = 'ces' and instrument = 'ces@2'"),
    "calder-true": csat("site = 'calder' and m between 13 and 24"),
    "calder-reported": csat("site = 'calder' and m between 13 and 24 and excluded is null"),
    "calder-withheld": csat(
        "site = 'calder' and m between 13 and 24 and value <= 2", "100 * avg((excluded is not null)::int)"
    ),
    "csat-before": csat("m between 17 and 19"),
    "csat-after": csat("m between 20 and 22"),
    "csat-change": minus(csat("m between 20 and 22"), csat("m between 17 and 19")),
    "mix": mix,
    "rate": rate,
    "chat-share-before": csat("m between 17 and 19", "100 * avg((channel = 'chat')::int)"),
    "chat-share-after": csat("m between 20 and 22", "100 * avg((channel = 'chat')::int)"),
    "phone-after": csat("m between 20 and 22 and channel = 'phone'"),
    "chat-hub3-before": csat("m between 17 and 19 and channel = 'chat' and product = 'hub_3'"),
    "chat-hub3-after": csat("m between 20 and 22 and channel = 'chat' and product = 'hub_3'"),
    "chat-other-after": csat("m between 20 and 22 and channel = 'chat' and product = 'hub_2'"),
    "dropouts-old": simple("avg(value)", "name = 'dropout' and m >= 20 and attrs['firmware'] = '3.1'"),
    "dropouts-new": simple(
        "avg(value)", "name = 'dropout' and m >= 20 and attrs['firmware'] = '3.2' and stage = 'onboarding'"
    ),
    "installed-on-time": simple("100 * avg((label = 'yes')::int)", "name = 'installed_on_time'"),
    "expected-before": simple("avg(value)", "name = 'expected' and m <= 11"),
    "expected": simple("avg(value)", "name = 'expected' and m between 12 and 24"),
    "experienced": simple("avg(value)", "name = 'experienced' and m between 12 and 24"),
    "fcr-stated": simple("100 * avg((label = 'yes')::int)", "name = 'resolved' and kind = 'X' and m <= 24"),
    "fcr7": issues("true"),
    "repeated": issues("true", REPEATED),
    "transferred": issues("true", "100 * avg((handed and not repeated)::int)"),
    "qa-fix": qa_gap("confirmed_the_fix"),
    "qa-greeting": qa_gap("greeting"),
    "training": simple("100 * avg((label = 'completed')::int)", "name = 'training'"),
    "gamers-top-box": lambda world: csat(f"agent in ({world.gamers})", TOP1)(world),
    "peers-top-box": lambda world: csat(f"agent not in ({world.gamers}, {world.star})", TOP1)(world),
    "gamers-repeats": lambda world: issues(f"agent in ({world.gamers})", REPEATED)(world),
    "gamers-beg": begging,
    "star-top-box": lambda world: csat(f"agent in ({world.star})", TOP1)(world),
    "star-repeats": lambda world: issues(f"agent in ({world.star})", REPEATED)(world),
    "staff-before": simple(
        "avg(value)", "name = 'pulse' and item = 'tools_knowledge' and site = 'brenwick' and m <= 8"
    ),
    "staff-after": simple("avg(value)", "name = 'pulse' and item = 'tools_knowledge' and site = 'brenwick' and m > 8"),
    "brenwick-customers": minus(
        csat("site = 'brenwick' and m between 11 and 19"), csat("site = 'brenwick' and m between 1 and 10")
    ),
    "firms-slow-hours": simple("avg(value)", f"name = 'partner_response' and {SLOW} and region = 'north'"),
    "firms-hours": simple("avg(value)", f"name = 'partner_response' and not {SLOW}"),
    "firms-slow-days": simple("avg(value)", f"name = 'time_to_onboard' and {SLOW}"),
    "firms-days": simple("avg(value)", f"name = 'time_to_onboard' and not {SLOW}"),
    "xla-delivered": xla,
    "hazard": hazard,
    "hazard-nps": hazard_nps,
    "avoidable": simple("count(*)", "name = 'contact' and label = 'avoidable' and m between 13 and 24"),
    "escalations-hub3": simple(
        "100 * count(*) filter (name = 'escalation') / count(*) filter (name = 'contact')",
        "product = 'hub_3' and m between 20 and 24",
    ),
    "escalations-other": simple(
        "100 * count(*) filter (name = 'escalation') / count(*) filter (name = 'contact')",
        "product = 'hub_2' and m between 20 and 24",
    ),
    "open-cases": lambda world: world.one(
        "select count(*) from (select issue from s where name = 'case' group by issue having count(*) = 1)"
    ),
    "late-cases": late_cases,
    "loop": replied_in_time,
    "misfiled": simple("count(*)", "name = 'comment' and text like '%formal complaint%'"),
    "failed-journey": simple(
        "count(*) * (count(distinct subject) = 1)::int", "name = 'contact' and issue = 'issue-today-thrice'"
    ),
    "empty-searches": simple("count(*)", "name = 'kb_search' and label = 'empty' and item = 'Hub 3 lights' and m = 24"),
    "check-there": minus(
        issues("reason = 'activation' and attrs['check'] = 'yes' and m >= 12", REPEATED),
        issues("reason = 'activation' and attrs['check'] = 'yes' and m < 12", REPEATED),
    ),
    "check-elsewhere": minus(
        issues("reason = 'activation' and attrs['check'] = 'no' and m >= 12", REPEATED),
        issues("reason = 'activation' and attrs['check'] = 'no' and m < 12", REPEATED),
    ),
    "scripts-before-after": minus(
        issues("attrs['scripts'] = 'given' and m between 7 and 9"),
        issues("attrs['scripts'] = 'given' and m between 4 and 6"),
    ),
    "scripts-effect": minus(
        issues("attrs['scripts'] = 'given' and m between 7 and 9"),
        issues("attrs['scripts'] = 'given' and m between 1 and 3"),
    ),
    "cap-seconds": minus(
        simple("avg(value)", "name = 'handle_time' and site = 'brenwick' and m between 18 and 19"),
        simple("avg(value)", "name = 'handle_time' and site = 'brenwick' and m between 16 and 17"),
    ),
    "cap-fcr7": cap_fcr7,
    "staged": simple("avg(value)", "name = 'dropout' and attrs['firmware'] = '3.3'"),
    "nps-first": simple(NPS, "name = 'nps' and m = 21"),
    "nps-second": simple(NPS, "name = 'nps' and m = 24"),
    "coast": simple(TOP2, "name = 'csat_visit' and region = 'coast'"),
    "not-coast": simple(TOP2, "name = 'csat_visit' and region <> 'coast'"),
}
