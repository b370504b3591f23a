"""How many employees an organisation is known to have: below a number of them nothing is told but of the whole."""

from openxmo.core.metrics.horizon import once
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.engines.standing import STANDING


def count_employees(engine: Engine, *, most: int) -> int:
    """How many employees were ever heard of, asked or not, counted up to `most`.

    People of unknown kind count, as they are protected like employees. Answers of nobody known count as
    many as the fullest month holds: in another month they may be the same people's.
    """
    return once(engine, f"employees up to {most}", lambda: _ask(engine, most))


def _ask(engine: Engine, most: int) -> int:
    signals = engine.table(STANDING)
    protected = signals.filter(signals.protected & signals.mark.isnull())
    known = protected.filter(protected.subject.notnull()).select("subject").distinct().limit(most)
    found = int(engine.fetch(known.agg(n=known.count()))["n"][0].as_py())
    if found >= most:
        return most
    nobody = protected.filter(protected.subject.isnull())
    told = nobody.mutate(who=nobody.response.fill_null(nobody.row.cast("string")))
    months = told.group_by("month").agg(n=told.who.nunique())
    fullest = engine.fetch(months.agg(n=months.n.max()))["n"][0].as_py()
    return min(most, found + int(fullest or 0))
