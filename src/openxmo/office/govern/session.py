"""An office as one person sees it: every question answered through the exit door."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from openxmo.core.decide.items import load_items
from openxmo.core.errors import NotAllowed, UserError
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.headcount import count_employees
from openxmo.core.metrics.horizon import horizon_of, kinds_of
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import Every
from openxmo.core.metrics.scoring import is_heard, prepare
from openxmo.core.release import FileHistory, LookLog, MemoryHistory, Released, Rules, Viewer, release, scope_of
from openxmo.core.release.released import Releasable
from openxmo.core.signals.engines import Engine, open_duckdb, open_spark
from openxmo.core.signals.engines import warm_up as warm_up_engine
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.accounts.roles import Right
from openxmo.office.govern import queries, store
from openxmo.office.govern.asked import Names, Where, read_conditions, read_names
from openxmo.office.govern.lakes import open_lake
from openxmo.office.govern.moments import Day, read_day, read_moment
from openxmo.office.govern.remembered import remembered
from openxmo.office.lib.clock import now
from openxmo.questions import (
    catalogue,
    contact,
    explain,
    feelings,
    gap,
    heard,
    moved,
    person,
    prove,
    prove_table,
    quality,
    rank,
    score,
    signals,
)
from openxmo.questions.gap import Gap
from openxmo.questions.proof import Better, Proof

Moment = datetime | Day | None
R = TypeVar("R", bound=Releasable)
DISCOUNT_RATE = 0.08  # a year, where neither the asker nor the file says


def open(
    home: Path | str = "var",
    *,
    as_user: str | None = None,
    spark: str | None = None,
    clock: Callable[[], datetime] = now,
) -> "Session":
    """Open the office in a folder, as the operator or with the rights of `as_user`.

    Questions are answered on this machine, or by the Spark Connect server at `spark` (`sc://host:port`),
    which must see the office's folder under the same path. Raises UnreadableInput where there is no
    office, NotAllowed where it knows nobody of that name.
    """
    return Session(Home.at(Path(home)), as_user=as_user, spark=spark, clock=clock)


def warm_up(home: Home, metrics: Iterable[Metric] | None = None) -> None:
    """Make ready what the first page would wait for: the engine's first use, and what is true of all signals.

    Without `metrics` those of the office. Meant for a server's start; after a change each page looks for itself.
    """
    session = Session(home)
    measured = list(session.definitions.metrics.values() if metrics is None else metrics)
    warm_up_engine(session.engine)
    horizon_of(session.engine)
    prepare(measured, session.engine)
    for kind in ("top_box", "mean"):  # the first use of each in a process builds its expressions
        for metric in [metric for metric in measured if metric.score.kind == kind][:1]:
            with suppress(UserError):  # told to whoever asks for it
                score.score(metric, **session._given(at=session.clock()), every="month")


class Session:
    """`clock` tells the time: tests and replays bring their own."""

    def __init__(
        self,
        home: Home,
        *,
        as_user: str | None = None,
        spark: str | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.home = home
        self.clock = clock
        self.lake = open_lake(home)
        self.as_user = as_user
        self.spark = spark
        self.viewer: Viewer = queries.find_viewer(home, as_user, at=clock())

    @cached_property
    def engine(self) -> Engine:
        return open_spark(self.lake, remote=self.spark) if self.spark else open_duckdb(self.lake)

    @property
    def definitions(self) -> Definitions:
        return queries.definitions(self.home)

    @property
    def rules(self) -> Rules:
        return queries.find_rules(self.home)

    def require(self, right: Right) -> None:
        """NotAllowed unless the person has the right; the operator has every one."""
        if self.as_user is not None:
            queries.check_right(queries.access_of(self.home, self.as_user, at=self.clock()), right)

    def record(self, what: str, *on: str) -> None:
        audit.record(what, by=self.viewer.name, at=self.clock(), on=on, home=self.home.path)

    def released(self, result: R) -> Released[R]:
        return release(
            result,
            self.viewer,
            history=FileHistory(self.home.releases),
            at=self.clock(),
            rules=self.rules,
            log=LookLog(self.home.office / "audit" / "looks.ndjson"),
            headcount=self._count_employees,
        )

    def _count_employees(self, most: int) -> int:
        """How many employees were heard of, up to so many."""
        return count_employees(self.engine, most=most)

    @property
    def has_few_employees(self) -> bool:
        """Whether their answers are shown of the whole organisation only, and without comments."""
        least = self.rules.organisation
        return self._count_employees(least) < least

    def metric(self, key: str | Metric) -> Metric:
        return key if isinstance(key, Metric) else queries.get_metric(self.definitions, key)

    def label_of(self, key: str) -> str:
        return self.metric(key).label or key

    # QUESTIONS

    def score(
        self,
        metric: str | Metric,
        *,
        by: Names = (),
        where: Where = (),
        since: Day | None = None,
        until: Day | None = None,
        every: Every | None = None,
        weighted: bool = False,
        include_excluded: bool = False,
        as_of: Moment = None,
        known_at: Moment = None,
    ) -> "Released[score.Scores]":
        """What is this metric, by what, and when? Days are the office's; `until` is left out."""
        return self._measured(
            score.score,
            metric,
            by=by,
            where=where,
            as_of=as_of,
            known_at=known_at,
            since=read_day(since),
            until=read_day(until),
            every=every,
            weighted=weighted,
            include_excluded=include_excluded,
        )

    def explain(
        self,
        metric: str | Metric,
        *,
        before: tuple[Day, Day],
        after: tuple[Day, Day],
        by: Names,
        where: Where = (),
        as_of: Moment = None,
        known_at: Moment = None,
        include_excluded: bool = False,
    ) -> "Released[explain.Explanation]":
        """Why did this metric move from `before` to `after` (days of the office, ends left out)?"""
        days = {"before": read_days(before), "after": read_days(after)}
        return self._measured(
            explain.explain,
            metric,
            by=by,
            where=where,
            as_of=as_of,
            known_at=known_at,
            include_excluded=include_excluded,
            **days,
        )

    def gap(
        self,
        ambition: str | None = None,
        *,
        since: Day | None = None,
        until: Day | None = None,
        as_of: Moment = None,
        known_at: Moment = None,
    ) -> Released[gap.Gap]:
        """How far is what is delivered from what is strived for, and which part opens the gap?"""
        return self.asked(
            gap.gap, ambition, as_of=as_of, known_at=known_at, since=read_day(since), until=read_day(until)
        )

    def course(
        self,
        ambition: str,
        *,
        since: Day,
        until: Day,
        every: Every = "month",
        as_of: Moment = None,
        known_at: Moment = None,
    ) -> Released[Gap]:
        """How did one ambition's gap run, period by period? The rows are those of `gap` with their `period`."""
        return self.asked(
            gap.course,
            ambition,
            as_of=as_of,
            known_at=known_at,
            since=read_day(since),
            until=read_day(until),
            every=every,
        )

    def prove(
        self,
        metric: str | Metric,
        *,
        by: str,
        treated: Names,
        change: Moment,
        comparison: Names | None = None,
        since: Day | None = None,
        until: Day | None = None,
        every: Every = "month",
        cluster: str | None = None,
        where: Where = (),
        include_excluded: bool = False,
        expected: float | None = None,
        ready: Moment = None,
        as_of: Moment = None,
        known_at: Moment = None,
    ) -> Released[Proof]:
        """Did it work: the effect of a change where the dimension `by` is one of `treated`."""
        zone = self.definitions.zone
        moved = read_moment(change, zone)
        assert moved is not None
        answer = self.asked(
            prove.prove,
            self.metric(metric),
            as_of=as_of,
            known_at=known_at,
            where=read_conditions(where),
            by=by,
            treated=read_names(treated),
            comparison=None if comparison is None else read_names(comparison),
            change=moved,
            since=read_moment(since, zone),
            until=read_moment(until, zone),
            every=every,
            cluster=cluster,
            include_excluded=include_excluded,
            expected=expected,
            ready=read_moment(ready, zone),
        )
        if answer.result.problem is not None:
            raise answer.result.problem
        return answer

    def prove_table(
        self,
        path: Path,
        *,
        outcome: str,
        treated: str | None,
        after: str,
        cluster: str | None = None,
        better: Better = "higher",
        expected: float | None = None,
    ) -> Released[Proof]:
        """Did it work, by a plain table that is no signal; without `treated`, before and after only."""
        if treated is None:
            return self.released(prove_table.compare_table(path, outcome=outcome, after=after))
        return self.released(
            prove_table.prove_table(
                path,
                outcome=outcome,
                treated=treated,
                after=after,
                cluster=cluster,
                better=better,
                expected=expected,
                at=self.clock(),
            )
        )

    def rank(self, items: Path, *, discount_rate: float | None = None, seed: int = 1) -> Released[rank.Ranking]:
        """What should be improved next: four rankings of the items of a file. The rate is a year's, else the file's."""
        listed = load_items(items)
        rate = discount_rate if discount_rate is not None else listed.discount_rate
        chosen = DISCOUNT_RATE if rate is None else rate
        return self.released(rank.rank(listed.item, vocabulary=listed.facets, discount_rate=chosen, seed=seed))

    def catalogue(self) -> "Released[catalogue.Catalogue]":
        """What is measured, and what is each number worth?"""
        return self.released(catalogue.catalogue(definitions=self.definitions))

    def sources(self) -> Released[quality.Sources]:
        """What came in from whom, how fresh is it, and how good?"""
        self.require(Right.IMPORT_SIGNALS)
        self.engine.refresh()
        declared = self.definitions.sources
        return self.released(quality.sources(self.lake, self.engine, declared=declared, at=self.clock()))

    def contact(self, key: str, *, as_of: Moment = None, known_at: Moment = None) -> "Released[contact.ContactRecord]":
        """What happened in one contact: for those who may open answers."""
        self.require(Right.READ_ANSWERS)
        return self._fresh(contact.contact, key, as_of=as_of, known_at=known_at, defined=False)

    def signals(
        self,
        metric: str | Metric,
        *,
        where: Where = (),
        since: Day | None = None,
        until: Day | None = None,
        include_excluded: bool = False,
        after: str | None = None,
        size: int = signals.PAGE,
        as_of: Moment = None,
        known_at: Moment = None,
    ) -> "Released[signals.SignalsBehind]":
        """Which signals stand behind a number? Whoever may not open answers is told how many, and no more."""
        return self._fresh(
            signals.signals,
            self.metric(metric),
            as_of=as_of,
            known_at=known_at,
            where=read_conditions(where),
            since=read_day(since),
            until=read_day(until),
            include_excluded=include_excluded,
            one_by_one=self.may(Right.READ_ANSWERS),
            after=after,
            size=size,
        )

    def person(
        self,
        subject: str,
        *,
        kind: str | None = None,
        after: str | None = None,
        as_of: Moment = None,
        known_at: Moment = None,
    ) -> "Released[person.PersonHistory]":
        """What has this person been through? For those who may open answers; never an employee."""
        self.require(Right.READ_ANSWERS)
        return self._fresh(
            person.person, subject, as_of=as_of, known_at=known_at, defined=False, kind=kind, after=after
        )

    def moved(
        self, *, until: Day | None = None, as_of: Moment = None, known_at: Moment = None
    ) -> "Released[moved.Moves]":
        """What moved, and is real: each metric's last whole period before `until` against the one before it."""
        day = read_day(until) or self.today(as_of)
        return self.asked(moved.moved, as_of=as_of, known_at=known_at, until=day)

    def heard(
        self, dimension: str | None = None, *, where: Where = (), name: str | None = None, as_of: Moment = None
    ) -> "Released[heard.Heard]":
        """What is there to ask about: the values of a dimension, or the signals heard where `where` holds."""
        return self.asked(
            heard.heard,
            dimension,
            ripens=False,
            as_of=as_of,
            known_at=None,
            where=read_conditions(where),
            name=name,
        )

    def feelings(self, *, as_of: Moment = None, known_at: Moment = None) -> "Released[feelings.Feelings]":
        """How would people feel with an idea of the backlog, and without it? Kano's two questions, counted."""
        return self.asked(feelings.feelings, ripens=False, as_of=as_of, known_at=known_at)

    # HOW A QUESTION IS ASKED

    def prepare(self) -> None:
        """Before many metrics are asked for one by one: finds out at once what each would find out for itself."""
        self.engine.refresh()
        prepare(self.definitions.metrics.values(), self.engine)

    def hears(self, metric: Metric) -> bool:
        """Whether any signal that the metric is about was ever heard."""
        return is_heard(metric, self.engine)

    def leaves_out(self, metric: Metric) -> bool:
        """Whether a source leaves any signal that the metric is about out of its own reports."""
        names = (metric.signal, metric.score.over)
        return any(kind["excluded"] for name in names if name for kind in kinds_of(self.engine, name))

    def today(self, as_of: Moment = None) -> date:
        """The day of the moment judged from, in the office's zone."""
        zone = self.definitions.zone
        return (read_moment(as_of, zone) or self.clock()).astimezone(ZoneInfo(zone)).date()

    def may(self, right: Right) -> bool:
        """Whether the person has the right; the operator has every one."""
        try:
            self.require(right)
        except NotAllowed:
            return False
        return True

    def asked(
        self,
        question: Callable[..., R],
        *about: Any,
        as_of: Moment,
        known_at: Moment,
        ripens: bool = True,
        **how: Any,
    ) -> Released[R]:
        """The answer over signals: worked out once while neither they nor the office change, released for each viewer.

        Without `as_of` it is judged from now. An answer that ripens (whether a contact was repeated within seven days
        is known only after them) is given again within the same hour, any other as long as nothing changes.
        """
        self.require(Right.READ_SCORES)
        self.engine.refresh()
        at = read_moment(as_of, self.definitions.zone)
        how |= {"known_at": read_moment(known_at, self.definitions.zone), "scope": scope_of(self.viewer)}
        moment = at or self.clock()
        version = self.engine.lake_version
        kept = remembered((self.home.path, "answers", self.spark))
        asked = (
            question.__module__,
            question.__qualname__,
            repr(about),
            repr(sorted(how.items())),
            at or self._good_for(moment, ripens),
        )
        answer = kept.find(
            (version, store.newest_stamp(self.home)), asked, lambda: question(*about, **self._given(at=moment), **how)
        )
        if getattr(answer, "lake_version", version) != version:
            kept.drop(asked)  # another thread moved the engine on meanwhile
        return self.released(answer)

    def _measured(
        self, question: Callable[..., R], metric: str | Metric, *, by: Names, where: Where, **how: Any
    ) -> Released[R]:
        """The answer to a question about one metric; cuts and conditions are given as people write them."""
        measured = self.metric(metric)
        told: dict[str, Any] = {"by": read_names(by), "where": read_conditions(where)}
        return self.asked(question, measured, ripens=ripens(measured), **told, **how)

    def _fresh(
        self,
        question: Callable[..., R],
        *about: Any,
        as_of: Moment,
        known_at: Moment,
        defined: bool = True,
        **how: Any,
    ) -> Released[R]:
        """The same of a question that shows single signals: never kept. Without `defined` it takes no definitions."""
        self.require(Right.READ_SCORES)
        self.engine.refresh()
        zone = self.definitions.zone
        given = self._given(at=read_moment(as_of, zone) or self.clock())
        if not defined:
            del given["definitions"]
        how |= {"known_at": read_moment(known_at, zone), "scope": scope_of(self.viewer)}
        return self.released(question(*about, **given, **how))

    def _given(self, *, at: datetime) -> dict[str, Any]:
        """What every question over signals needs of the office."""
        return {"engine": self.engine, "definitions": self.definitions, "as_of": at}

    def _good_for(self, moment: datetime, ripens: bool) -> datetime | None:
        """When what an answer judged from this moment is good for began; None: good as long as nothing changes."""
        horizon = horizon_of(self.engine)
        if horizon is not None and horizon.newest > moment:  # what was dated ahead comes in sight meanwhile
            return moment.replace(second=0, microsecond=0)
        return moment.replace(minute=0, second=0, microsecond=0) if ripens else None


class Rehearsal(Session):
    """Works answers out before anybody asks, as the operator, so that they are kept and ready.

    Nobody sees them, so nothing counts as told: the exit door judges them by a memory that is thrown away.
    """

    def __init__(self, home: Home, *, clock: Callable[[], datetime] = now) -> None:
        super().__init__(home, clock=clock)

    def released(self, result: R) -> Released[R]:
        return release(
            result,
            self.viewer,
            history=MemoryHistory(),
            at=self.clock(),
            rules=self.rules,
            headcount=self._count_employees,
        )


def ripens(metric: Metric) -> bool:
    """Whether a score can change while nothing is heard, because windows close."""
    return metric.score.kind == "repeat_free"


def read_days(pair: tuple[Day, Day]) -> tuple[Any, Any]:
    return read_day(pair[0]), read_day(pair[1])
