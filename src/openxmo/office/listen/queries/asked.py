"""Who was asked when, and who may not be asked now: our own links and what other tools told of theirs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from openxmo.core.listen.frequency import YEAR, Asked, Held, Limits, hold_back
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.govern.office import Office
from openxmo.office.govern.practice import Frequency
from openxmo.office.listen.heard import SOURCE
from openxmo.office.listen.models import Asking, KnownComplaint, PersonalLink

COMPLAINT_DAYS = 60  # a complaint of which nothing says that it was resolved counts as open so long
MANY = 500  # keys in one condition of the database


def limits_of(office: Office) -> Limits | None:
    """The survey frequency rule of the office; None where it has none."""
    rule = next((rule for rule in office.rules if isinstance(rule, Frequency)), None)
    if rule is None:
        return None
    return Limits(rule.days_between, rule.days_between_relationship, rule.most_a_year, rule.hold_on_open_complaint)


def who_is_held(
    home: Home, office: Office, subjects: Sequence[str], *, relationship: bool, at: datetime
) -> dict[str, Held]:
    """Of these people, those who may not be asked at `at`, each with the reason."""
    limits = limits_of(office)
    if limits is None:
        return {}
    before, refused, complained = told_elsewhere(home, subjects, at=at)
    complaining = still_complaining(subjects, complained)
    for subject, ours in asked_by_us(subjects, since=at - YEAR).items():
        before[subject] += ours
    refused |= refused_here(subjects)
    found = {
        subject: hold_back(
            limits,
            before[subject],
            at=at,
            relationship=relationship,
            open_complaint=subject in complaining,
            refused=subject in refused,
        )
        for subject in subjects
    }
    return {subject: held for subject, held in found.items() if held}


def asked_by_us(subjects: Sequence[str], *, since: datetime) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = defaultdict(list)
    for part in parts(subjects):
        for row in Asking.objects.filter(subject__in=part, asked_at__gte=since, held=""):
            found[row.subject].append(Asked(row.asked_at, row.relationship))
    return found


def refused_here(subjects: Sequence[str]) -> set[str]:
    return {
        subject
        for part in parts(subjects)
        for subject in PersonalLink.objects.filter(subject__in=part, refused_at__isnull=False).values_list(
            "subject", flat=True
        )
    }


def parts(subjects: Sequence[str]) -> list[Sequence[str]]:
    return [subjects[start : start + MANY] for start in range(0, len(subjects), MANY)]


def told_elsewhere(
    home: Home, subjects: Collection[str], *, at: datetime
) -> tuple[dict[str, list[Asked]], set[str], dict[str, datetime]]:
    """Invitations of other tools in the last year, who refused, and who complained when without a word of its end."""
    engine = open_duckdb(Lake.open(home))
    engine.refresh()
    signals = read_signals(engine, since=at - YEAR, as_of=at)
    wanted = ("invitation_sent", "invitation_refused", "complaint", "resolved")
    signals = signals.filter(signals.name.isin(wanted), signals.subject.isin(list(subjects)))
    rows = engine.fetch(signals.select("subject", "name", "label", "happened_at", "source").order_by("happened_at"))
    before: dict[str, list[Asked]] = defaultdict(list)
    refused: set[str] = set()
    complained: dict[str, datetime] = {}
    for row in rows.to_pylist():
        subject = row["subject"]
        if row["name"] == "invitation_sent" and row["source"] != SOURCE:
            before[subject].append(Asked(row["happened_at"]))
        elif row["name"] == "invitation_refused":
            refused.add(subject)
        elif row["name"] == "complaint" and row["happened_at"] > at - timedelta(days=COMPLAINT_DAYS):
            complained[subject] = row["happened_at"]
        elif row["name"] == "resolved" and row["label"] == "yes":
            complained.pop(subject, None)
    return before, refused, complained


def still_complaining(subjects: Sequence[str], complained: Mapping[str, datetime]) -> set[str]:
    """Who has a case of a complaint that is open, or has complained since the last one was settled."""
    is_open: set[str] = set()
    settled: dict[str, datetime] = {}
    for part in parts(subjects):
        for row in KnownComplaint.objects.filter(subject__in=part):
            if row.settled_at is None:
                is_open.add(row.subject)
            else:
                settled[row.subject] = max(row.settled_at, settled.get(row.subject, row.settled_at))
    unsettled = {who for who, moment in complained.items() if who not in settled or moment > settled[who]}
    return is_open | unsettled
