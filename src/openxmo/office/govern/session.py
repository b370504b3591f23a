"""An office as one person sees it: every question answered through the exit door."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from openxmo.core.decide.items import load_items
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import Every
from openxmo.core.release import FileHistory, LookLog, Released, Rules, Viewer, release, scope_of
from openxmo.core.release.released import Releasable
from openxmo.core.signals.engines import Engine, open_duckdb, open_spark
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.accounts.roles import Right
from openxmo.office.govern import audit, queries
from openxmo.office.govern.asked import Names, Where, read_conditions, read_names
from openxmo.office.govern.moments import Day, read_day, read_moment
from openxmo.questions import catalogue, contact, explain, gap, prove, prove_table, quality, rank, score
from openxmo.questions.proof import Better, Proof

Moment = datetime | Day | None
R = TypeVar("R", bound=Releasable)
DISCOUNT_RATE = 0.08  # a year, where neither the asker nor the file says


def now() -> datetime:
    return datetime.now(UTC)


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
        self.lake = Lake.open(home)
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
        audit.record(self.home, what, by=self.viewer.name, at=self.clock(), on=on)

    def released(self, result: R) -> Released[R]:
        return release(
            result,
            self.viewer,
            history=FileHistory(self.home.releases),
            at=self.clock(),
            rules=self.rules,
            log=LookLog(self.home.office / "audit" / "looks.ndjson"),
        )

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
        return self.released(
            score.score(
                self.metric(metric),
                by=read_names(by),
                since=read_day(since),
                until=read_day(until),
                every=every,
                weighted=weighted,
                include_excluded=include_excluded,
                **self.asked(where, as_of=as_of, known_at=known_at),
            )
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
        return self.released(
            explain.explain(
                self.metric(metric),
                by=read_names(by),
                before=read_days(before),
                after=read_days(after),
                include_excluded=include_excluded,
                **self.asked(where, as_of=as_of, known_at=known_at),
            )
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
        asked = self.asked((), as_of=as_of, known_at=known_at)
        del asked["where"]
        return self.released(gap.gap(ambition, since=read_day(since), until=read_day(until), **asked))

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
        answer = self.released(
            prove.prove(
                self.metric(metric),
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
                **self.asked(where, as_of=as_of, known_at=known_at),
            )
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
        asked = self.asked((), as_of=as_of, known_at=known_at)
        del asked["where"], asked["definitions"]
        return self.released(contact.contact(key, **asked))

    def asked(self, where: Where, *, as_of: Moment, known_at: Moment) -> dict[str, Any]:
        """What all questions over signals are asked with; the engine reads the newest lake."""
        self.require(Right.READ_SCORES)
        definitions = self.definitions
        self.engine.refresh()
        return {
            "engine": self.engine,
            "definitions": definitions,
            "where": read_conditions(where),
            "as_of": read_moment(as_of, definitions.zone) or self.clock(),
            "known_at": read_moment(known_at, definitions.zone),
            "scope": scope_of(self.viewer),
        }


def read_days(pair: tuple[Day, Day]) -> tuple[Any, Any]:
    return read_day(pair[0]), read_day(pair[1])
