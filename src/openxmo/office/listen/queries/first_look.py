"""The first things worth knowing of data that just came in, and what it cannot say yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from django.utils.formats import localize
from django.utils.translation import gettext, ngettext

from openxmo.core.errors import UserError
from openxmo.core.metrics.intervals import normal_p
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.metrics.periods import Every
from openxmo.core.signals.contract import DIMENSIONS
from openxmo.core.signals.mapping.guessing.measures import slug
from openxmo.core.signals.reading import read_signals
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.session import Session

CUTS = frozenset(DIMENSIONS) - {"agent", "source", "name", "kind", "scale", "basis", "instrument", "about", "account"}
MOST_CELLS = 12  # of a dimension that is looked at
MOST_CUTS = 8
MONEY = ("revenue", "renewal", "churn", "cost", "expansion")
SHOWN_FACTS = 3
SURE = 0.05  # after correction for all pairs that were compared
STANDARD_ERRORS = 1.959964  # that an interval of 95 % reaches to either side


@dataclass(frozen=True)
class Heard:
    """What one import brought of one name: how many, of which scale, between which months."""

    name: str
    kind: str
    scale: str | None
    count: int
    valued: int
    labelled: int
    months: tuple[str, ...]
    text: int
    subjects: int
    contacts: int
    issues: int
    reasons: int


@dataclass(frozen=True)
class Proposal:
    """A metric that would make what came in askable."""

    metric: Metric
    why: str


@dataclass(frozen=True)
class Fact:
    """One thing worth knowing: a sentence, and where to look at it."""

    sentence: str
    address: str = ""


def what_came(session: Session, receipt: str, *, first: Sequence[str] = ()) -> list[Heard]:
    """By name, what this import brought and what still stands of it: counts, no answers. `first` come first."""
    session.require(Right.READ_SCORES)
    engine = session.engine
    engine.refresh()
    signals = read_signals(engine)
    mine = signals.filter(signals.receipt == receipt)
    counted = mine.group_by("name", "kind", "scale").agg(
        count=mine.count(),
        valued=mine.value.count(),
        labelled=mine.label.count(),
        months=mine.month.collect(distinct=True),
        text=mine.text.count(),
        subjects=mine.subject.nunique(),
        contacts=mine.contact.nunique(),
        issues=mine.issue.nunique(),
        reasons=mine.reason.nunique(),
    )
    rows = engine.fetch(counted.order_by("name")).to_pylist()
    found = [Heard(**{**row, "months": tuple(sorted(row["months"] or ()))}) for row in rows]
    return sorted(found, key=lambda one: (first.index(one.name) if one.name in first else len(first), -one.count))


def cuts_of(session: Session, receipt: str, name: str) -> list[str]:
    """Dimensions of these signals that have a few values each: what the first Explore may be cut by."""
    signals = read_signals(session.engine)
    mine = signals.filter(signals.receipt == receipt, signals.name == name)
    columns = sorted(CUTS & set(mine.columns))
    row = session.engine.fetch(mine.agg(**{column: mine[column].nunique() for column in columns})).to_pylist()[0]
    attrs = session.engine.fetch(mine.select(key=mine.attrs.keys().unnest()).distinct()).to_pylist()
    found = [column for column in columns if 2 <= (row[column] or 0) <= MOST_CELLS]
    for key in sorted(one["key"] for one in attrs if one["key"] not in ("opening", "survey")):
        few = session.engine.fetch(mine.agg(n=mine.attrs.get(key).nunique())).to_pylist()[0]["n"]
        found += [f"attrs.{key}"] if 2 <= few <= MOST_CELLS else []
    return found[:MOST_CUTS]


def metric_for(session: Session, heard: Heard) -> Metric | None:
    """The office's metric of these signals; one without conditions of its own before one with."""
    metrics = [one for one in session.definitions.metrics.values() if one.signal == heard.name]
    fitting = [one for one in metrics if fits(one, heard)]
    return min(fitting, key=lambda one: (len(one.where), one.key), default=None)


def fits(metric: Metric, heard: Heard) -> bool:
    if metric.where.get("kind", heard.kind) != heard.kind or metric.weight_by:
        return False
    return bool(heard.labelled) if metric.score.kind == "share" else bool(heard.valued)


def propose(session: Session, heard: Heard) -> Proposal | None:
    """A metric for signals that the office does not measure yet; None for words, and for what is measured."""
    if metric_for(session, heard) is not None or not (heard.valued or heard.labelled):
        return None
    key = slug(heard.name).replace("_", "-")
    while key in session.definitions.metrics:
        key += "-2"
    label = heard.name.replace("_", " ").capitalize()
    common: dict[str, Any] = {"key": key, "signal": heard.name, "label": label, "experience": "customer"}
    if not heard.valued:
        return Proposal(Metric(**common, score=Score(kind="share", of=("yes",)), unit="%"), gettext("share of yes"))
    if heard.name == "tnps":
        nps = Metric(**common | {"label": "transactional NPS"}, score=Score(kind="nps"), unit="points")
        return Proposal(nps, gettext("NPS asked after a contact, apart from that of the relationship"))
    if heard.scale:
        low, _, high = heard.scale.partition("..")
        better: Literal["higher", "lower"] = "lower" if float(low) > float(high) else "higher"
        unit = f"of {max(float(low), float(high)):g}"
        mean = Metric(**common, score=Score(kind="mean"), unit=unit, better=better)
        return Proposal(mean, gettext("mean on the scale %(scale)s") % {"scale": heard.scale})
    return Proposal(Metric(**common, score=Score(kind="mean")), gettext("mean of the numbers"))


def facts(
    session: Session, receipt: str, heard: list[Heard], main: Heard, metric: Metric, cuts: list[str]
) -> list[Fact]:
    """Three things at most about what came in, each with its numbers: the score, the real difference, what is thin."""
    makers: tuple[Callable[[], Iterator[Fact]], ...] = (
        lambda: the_score(session, receipt, metric),
        lambda: the_difference(session, receipt, metric, cuts),
        lambda: missing_months(main),
        lambda: share_without_words(heard, main),
        lambda: the_last_months(session, receipt, metric),
    )
    found: list[Fact] = []
    for make in makers:
        found += list(make())
    return found[:SHOWN_FACTS]


def address_of(metric: Metric, by: str = "") -> str:
    return f"/understand/explore/?metric={metric.key}" + (f"&by={by}" if by else "")


def the_score(session: Session, receipt: str, metric: Metric) -> Iterator[Fact]:
    row = score_rows(session, receipt, metric)[0]
    name = metric.label or metric.key
    if row["suppressed"] == "privacy":
        sentence = gettext("%(name)s is not shown: too few people answered, and they must not be recognised.")
        yield Fact(sentence % {"name": name}, address_of(metric))
        return
    if row["value"] is None:
        sentence = gettext("%(n)s answers are too few to say what %(name)s is.") % {"n": row["n"] or 0, "name": name}
        yield Fact(sentence, address_of(metric))
        return
    yield Fact(
        gettext("%(name)s is %(value).1f %(unit)s (%(low).1f to %(high).1f with 95 %% confidence), from %(n)s answers.")
        % {
            "name": name,
            **{key: row[key] for key in ("value", "low", "high")},
            "n": localize(row["n"], use_l10n=True),
            "unit": metric.unit,
        },
        address_of(metric),
    )


def score_rows(
    session: Session, receipt: str, metric: Metric, *by: str, every: Every | None = None
) -> list[Mapping[str, Any]]:
    """Of this import alone; what employees said is never cut by import, so of them it is all that is known."""
    where = {} if is_guarded(metric) else {"receipt": receipt}
    rows: list[Mapping[str, Any]] = session.score(metric, by=by, where=where, every=every).to_document()["rows"]
    return rows


def is_guarded(metric: Metric) -> bool:
    return metric.experience == "employee" or metric.voice == "employee"


@dataclass(frozen=True)
class Difference:
    by: str
    high: Mapping[str, Any]
    low: Mapping[str, Any]
    p: float


def the_difference(session: Session, receipt: str, metric: Metric, cuts: list[str]) -> Iterator[Fact]:
    """The largest difference that is left when every pair that was compared is allowed for (Bonferroni)."""
    pairs = [pair for cut in cuts for pair in differences(session, receipt, metric, cut)]
    name = metric.label or metric.key
    if not pairs:
        return
    real = [pair for pair in pairs if pair.p * len(pairs) < SURE]
    if not real:
        said = ngettext(
            "No difference is larger than chance: %(n)s pair was compared.",
            "No difference is larger than chance: %(n)s pairs were compared.",
            len(pairs),
        )
        yield Fact(said % {"n": len(pairs)}, address_of(metric, pairs[0].by))
        return
    top = max(real, key=lambda pair: pair.high["value"] - pair.low["value"])
    yield Fact(
        ngettext(
            "%(name)s differs most by %(by)s: %(a)s %(x).1f, %(b)s %(y).1f. That is more than chance.",
            "%(name)s differs most by %(by)s: %(a)s %(x).1f, %(b)s %(y).1f. "
            "That is more than chance, even though %(n)s pairs were compared.",
            len(pairs),
        )
        % {
            "name": name,
            "by": top.by.removeprefix("attrs."),
            "a": top.high["by"][top.by],
            "x": top.high["value"],
            "b": top.low["by"][top.by],
            "y": top.low["value"],
            "n": len(pairs),
        },
        address_of(metric, top.by),
    )


def differences(session: Session, receipt: str, metric: Metric, cut: str) -> Iterator[Difference]:
    try:
        rows = score_rows(session, receipt, metric, cut)
    except UserError:
        return  # a cut that this metric is refused by, or that this person may not see
    shown = [row for row in rows if row["value"] is not None and row["low"] is not None and row["by"][cut] is not None]
    for one, other in combinations(shown, 2):
        high, low = (one, other) if one["value"] >= other["value"] else (other, one)
        error = (reach(one) ** 2 + reach(other) ** 2) ** 0.5
        if error > 0:
            yield Difference(cut, high, low, normal_p((high["value"] - low["value"]) / error))


def reach(row: Mapping[str, Any]) -> float:
    """The standard error that the row's interval stands for."""
    return float(row["high"] - row["low"]) / (2 * STANDARD_ERRORS)


def missing_months(main: Heard) -> Iterator[Fact]:
    if len(main.months) < 2:
        return
    first, last = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (main.months[0], main.months[-1]))
    there = {int(month[:4]) * 12 + int(month[5:7]) - 1 for month in main.months}
    gaps = [f"{place // 12}-{place % 12 + 1:02}" for place in range(first, last + 1) if place not in there]
    if gaps:
        said = ngettext(
            "%(n)s month between the first and the last has no answer at all: %(months)s.",
            "%(n)s months between the first and the last have no answer at all: %(months)s.",
            len(gaps),
        )
        shown = ", ".join(gaps[:6]) + (" …" if len(gaps) > 6 else "")
        yield Fact(said % {"n": len(gaps), "months": shown})


def the_last_months(session: Session, receipt: str, metric: Metric) -> Iterator[Fact]:
    """The last month against the one before it, and whether that is more than chance."""
    rows = score_rows(session, receipt, metric, every="month")
    shown = [row for row in rows if row["value"] is not None and row["low"] is not None]
    if len(shown) < 2:
        return
    before, last = shown[-2], shown[-1]
    error = (reach(before) ** 2 + reach(last) ** 2) ** 0.5
    real = error > 0 and normal_p((last["value"] - before["value"]) / error) < SURE
    said = {
        True: gettext("%(name)s went from %(x).1f in %(before)s to %(y).1f in %(last)s: more than chance."),
        False: gettext("%(name)s was %(x).1f in %(before)s and %(y).1f in %(last)s: within noise."),
    }[real]
    told = {"name": metric.label or metric.key, "x": before["value"], "y": last["value"]}
    yield Fact(said % {**told, "before": before["period"], "last": last["period"]}, address_of(metric))


def share_without_words(heard: list[Heard], main: Heard) -> Iterator[Fact]:
    words = sum(one.text for one in heard if one.name == "comment")
    if not main.count:
        return
    if not words:
        yield Fact(gettext("No answer says why: there are no words beside the scores."))
        return
    share = 100 * (1 - min(words, main.count) / main.count)
    yield Fact(gettext("%(share).0f %% of the answers come without words, so nothing says why.") % {"share": share})


@dataclass(frozen=True)
class Lack:
    """What a question needs, and which of it this import did not bring."""

    what: str
    needs: str
    there: bool


def lacks(session: Session, receipt: str) -> list[Lack]:
    """What is missing for first-contact resolution, journeys and money, for the people of this import.

    Something is there where another import or this one tells it of at least one of the same people.
    """
    engine = session.engine
    signals = read_signals(engine)
    people = signals.filter(signals.receipt == receipt, signals.subject.notnull()).select("subject").distinct()
    theirs = signals.semi_join(people, "subject")
    found = engine.fetch(
        theirs.agg(
            contacts=((theirs.name == "contact") & theirs.reason.notnull()).sum(),
            stages=theirs.stage.nunique(),
            money=theirs.name.isin(MONEY).sum(),
        )
    ).to_pylist()[0]
    return [
        Lack(
            gettext("First-contact resolution"),
            gettext("contacts with a customer key and a reason, each call or chat one row"),
            bool(found["contacts"]),
        ),
        Lack(
            gettext("Journeys"),
            gettext("the same customer key at several stages, from this file or others"),
            (found["stages"] or 0) > 1,
        ),
        Lack(
            gettext("Money"),
            gettext("renewals, revenue or cost with the same customer key"),
            bool(found["money"]),
        ),
    ]
