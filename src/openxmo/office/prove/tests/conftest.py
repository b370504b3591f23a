"""An office whose north has answers of eight sites over ten months; four of them get better from July 2026 on."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openxmo.core.signals.store.home import Home
from openxmo.office.prove import actions
from openxmo.office.prove.models import Initiative
from openxmo.office.prove.terms import PlanTerms

SITES = "abcdefgh"
REACHED = ("a", "c", "e", "g")
CHANGE = date(2026, 7, 1)
BEFORE = datetime(2026, 6, 20, 9, tzinfo=UTC)
AFTER = datetime(2026, 11, 2, 9, tzinfo=UTC)
MONTHS = range(1, 11)
A_MONTH = 40  # answers of a site


def answers() -> Iterator[dict[str, Any]]:
    """Top-2 is 60 % everywhere, with an unrest of sites and months; 85 % at the reached sites from July on.

    Phone waits, the counter-metric, stay at 100 s; a firm of the south is heard too, and must not count in north.
    """
    unrest = np.random.default_rng(7)
    for site in SITES:
        for month in MONTHS:
            better = site in REACHED and month >= CHANGE.month
            good = round(A_MONTH * (0.85 if better else 0.6)) + int(unrest.integers(-3, 4))
            for number in range(A_MONTH):
                moment = datetime(2026, month, 2, tzinfo=UTC) + timedelta(hours=16 * number)
                about = {"happened_at": moment.isoformat(), "site": site, "unit": "north", "subject_kind": "customer"}
                key = f"{site}-{month}-{number}"
                yield {
                    **about, "id": key, "source": "web", "kind": "X", "name": "csat", "scale": "1..5",
                    "value": 5 if number < good else 2, "subject": f"c-{key}",
                }  # fmt: skip
                yield {
                    **about, "id": f"t-{key}", "source": "phone", "kind": "O", "name": "handle_time",
                    "value": 100 + (number * 13 + month) % 7 + (40 if better and site != "g" else 0),
                    "value_unit": "s", "subject": f"c-{key}",
                }  # fmt: skip


@pytest.fixture(scope="session")
def office_with_answers(office_as_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.functional.homes import ask

    base = tmp_path_factory.mktemp("answered")
    folder = base / "office"
    shutil.copytree(office_as_made, folder)
    file = base / "answers.ndjson"
    file.write_text("\n".join(json.dumps(row) for row in answers()), encoding="utf-8")
    receipt = ask(folder, "import", file)
    assert receipt["rejected"] == 0
    return folder


@pytest.fixture
def home(office_with_answers: Path, tmp_path: Path, settings: Any, db: None) -> Home:  # noqa: ARG001
    from tests.people import add_users, serve_copy

    made = serve_copy(office_with_answers, tmp_path / "served", settings)
    add_users()
    return made


def terms(**more: Any) -> PlanTerms:
    """A plan that can show what it promises."""
    given: dict[str, Any] = {
        "metric": "csat", "by": "site", "treated": REACHED, "change_on": CHANGE, "until": date(2026, 11, 1),
        "expected": 15.0, "drawn_by_lot": True,
    }  # fmt: skip
    return PlanTerms(**{**given, **more})


def planned(**more: Any) -> Initiative:
    """A draft in north: owned by Rita, sponsored by Eve."""
    about = {key: more.pop(key) for key in ("unit", "owner", "sponsor", "title") if key in more}
    return actions.plan_initiative(
        **{"title": "Call ahead", "owner": "Rita", "sponsor": "Eve", "unit": "north", **about},
        by="Lea",
        terms=terms(**more),
        at=BEFORE - timedelta(days=2),
    )


def approved(**more: Any) -> Initiative:
    made = planned(**more)
    actions.approve(initiative=made, by="Lea", at=BEFORE)
    return made


def started(on: date = CHANGE, **more: Any) -> Initiative:
    made = approved(**more)
    actions.start(initiative=made, by="Rita", at=datetime(on.year, on.month, on.day, 8, tzinfo=UTC))
    return made


def ended(**more: Any) -> Initiative:
    made = started(**more)
    actions.end(initiative=made, by="Rita", at=AFTER)
    return made


def judged(**more: Any) -> Initiative:
    made = ended(**more)
    actions.judge(initiative=made, by="Lea", at=AFTER)
    return made
