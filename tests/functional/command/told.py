"""The office that these commands ask, and what a row of a score holds."""

from pathlib import Path
from typing import Any

from tests.functional.homes import TWO_UNITS, ask

SCORES = [10, 9, 9, 10, 8, 7, 3, 6, 9, 10, 0, 8] * 4  # 24 promoters and 12 detractors of 48: an NPS of 25
PEOPLE = f"""
[[person]]
name = "vera"
roles = ["validation_expert"]
agent = "agent-vera"

[office]
zone = "Europe/Vienna"

{TWO_UNITS}
[[person]]
name = "ella"
roles = ["analyst"]
"""
ROW = {"by", "period", "n", "effective_n", "value", "low", "high", "method", "detectable", "suppressed", "excluded"}
Number = (int, float)


def score(home: Path, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ask(home, "score", "nps", *words)["rows"]
    return rows
