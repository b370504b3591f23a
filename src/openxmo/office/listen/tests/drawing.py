"""What the tests of this room share: a survey opened, what stands in the lake after the worker ran, files."""

from datetime import UTC, datetime, timedelta
from typing import Any

from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.govern.session import Session
from openxmo.office.lib.clock import now
from openxmo.office.listen import actions
from openxmo.office.listen.actions.openings import open_survey
from openxmo.office.listen.models import Opening

ANSWERS = """Response ID;Customer ID;Completed at;NPS;Satisfaction;Was it resolved?;Why this score;Channel;E-mail
r1;c1;03/04/2026 10:00;9;4;Yes;It was quick and friendly all along;phone;a@b.example
r2;c2;04/04/2026 11:00;3;2;No;I had to call three times about it;chat;c@b.example
r3;c3;05/04/2026 12:00;10;5;Yes;Great help from the team today;chat;d@b.example
r4;c4;06/04/2026 13:00;0;1;No;n/a;phone;e@b.example
"""


def opened(home: Home, survey: str = "after-contact", **fields: Any) -> Opening:
    at = now()
    opening = Opening(survey=survey, valid_from=at - timedelta(minutes=1), **fields)
    return open_survey(opening, home=home, by="Sue", at=at)


def stored(home: Home) -> list[dict[str, Any]]:
    """All signals that stand once the worker has drained the inbox."""
    actions.work(Session(home, clock=now))
    lake = Lake.open(home)
    engine = open_duckdb(lake)
    engine.refresh()
    rows: list[dict[str, Any]] = engine.fetch(read_signals(engine)).to_pylist()
    return rows


def many_answers(n: int = 400) -> str:
    """Two channels of which one is worse, over two of three months."""
    lines = ["customer_id,answered_at,nps,channel,comment"]
    for place in range(n):
        chat = place % 2
        month = 3 if place % 4 < 2 else 5
        score = (place * 7) % 11 if not chat else (place * 5) % 7
        day = datetime(2026, month, 1 + place % 28, 10, tzinfo=UTC)
        lines.append(f"c{place},{day.isoformat()},{score},{'chat' if chat else 'phone'},")
    return "\n".join(lines) + "\n"
