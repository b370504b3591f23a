"""W5: contacts of one subject and reason without a repeat within 7 days, against DuckDB's LEAD over both strings.

The yardstick asks a simpler thing: whether another contact follows each contact. Ours opens an episode by its
first contact and judges episodes, so its answer is checked by a walk through all contacts in numpy.
"""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.asking import AS_OF, FIRST_CONTACT, open_raw, rows_of
from benchmarks.data import open_office
from benchmarks.measure import Line, Variant, check_equal, compare
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.questions.score import Scores, score

WINDOW = 7 * 86_400 * 1_000_000
FOLLOWED = f"""
SELECT count(*), count(*) FILTER (after <= moment + {WINDOW}) FROM (
  SELECT epoch_us(happened_at) AS moment,
    lead(epoch_us(happened_at)) OVER (PARTITION BY subject, reason ORDER BY happened_at) AS after
  FROM signals WHERE name = 'contact')
WHERE moment + {WINDOW} <= $as_of
"""
CONTACTS = """
SELECT CAST(substr(subject, 9) AS BIGINT) * 100 + CAST(substr(reason, 8) AS BIGINT) AS key,
  epoch_us(happened_at) AS moment
FROM signals WHERE name = 'contact'
"""
ROUNDS = 3


def ask(engine: Engine) -> Scores:
    engine.refresh()
    return score(FIRST_CONTACT, engine=engine, definitions=Definitions(), as_of=AS_OF)


def count_episodes(raw: Any) -> tuple[int, int]:
    """Episodes whose window is over, and those of them without a repeat, found step by step from each key's first."""
    found = raw.execute(CONTACTS).fetchnumpy()
    order = np.lexsort((found["moment"], found["key"]))
    key, moment = found["key"][order], found["moment"][order]
    following = first_after_window(key, moment)
    opening = np.flatnonzero(np.diff(key, prepend=-1))
    episodes, solved = 0, 0
    while opening.size:
        over = opening[moment[opening] + WINDOW <= round(AS_OF.timestamp() * 1_000_000)]
        episodes += over.size
        solved += int(np.count_nonzero(following[over] == over + 1))
        then = following[opening]
        inside = then < key.size
        opening, then = opening[inside], then[inside]
        opening = then[key[then] == key[opening]]
    return episodes, solved


def first_after_window(key: Any, moment: Any) -> Any:
    """For each contact the place of the first one after its window; where there is none, of the next key's first."""
    following = np.arange(1, key.size + 1)
    active = np.arange(key.size - 1)
    while active.size:
        then = following[active]
        active = active[(key[then] == key[active]) & (moment[then] - moment[active] <= WINDOW)]
        following[active] += 1
        active = active[following[active] < key.size]
    return following


def measure(cache: Path, rows: int) -> list[Line]:
    lake = open_office(cache, rows)
    engine, raw = open_duckdb(lake), open_raw(lake)
    moment = {"as_of": round(AS_OF.timestamp() * 1_000_000)}
    ours = Variant(lambda _: ask(engine), lambda _: None)
    yardstick = Variant(lambda _: rows_of(raw, FOLLOWED, moment), lambda _: None)
    goals = {"goal": 0.75, "peak_goal": 700}
    line = compare("first contact within 7 days", ours, yardstick, rows=rows, rounds=ROUNDS, **goals)
    found = ask(engine).rows[0].estimate
    mine = (found.n, round((found.value or 0.0) / 100 * found.n))
    check_equal(line.workload, mine, count_episodes(raw))
    return [line]
