"""*What moved and is real?*"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.session import Session
from openxmo.office.understand.queries import movers
from openxmo.office.understand.tests.heard import answer_of, ask_employees, hear, mood, row
from openxmo.questions.moved import holm

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SignIn = Callable[[str], Client]


@pytest.mark.parametrize(
    ("given", "corrected"),
    [
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),  # by hand: 3 x 0.01, 2 x 0.03, then no smaller than that
        ([0.5, None, 0.9], [1.0, None, 1.0]),
        ([], []),
    ],
)
def test_holm_steps_down(given: list[float | None], corrected: list[float | None]) -> None:
    assert holm(given) == pytest.approx(corrected)


def test_the_clearest_move_comes_first_and_noise_is_called_noise(home: Home) -> None:
    hear(
        home, *(row(n, "2026-09", value=5) for n in range(200)), *(row(n, value=5 if n % 2 else 1) for n in range(200))
    )
    for month in ("2026-09", "2026-10"):
        hear(home, *(row(n, month, id=f"{month}-e{n}", name="ces", value=1 + n % 7, scale="1..7") for n in range(200)))
    rows = movers(Session(home, as_user="Ada", clock=lambda: NOON), NOON)
    assert rows[0].key in ("csat", "csat_mean")
    assert (rows[0].real, rows[0].before["label"], rows[0].after["label"]) == (
        True,
        "1 Sep 2026 – 30 Sep 2026",
        "1 Oct 2026 – 31 Oct 2026",
    )
    assert [row.real for row in rows if row.key == "ces"] == [False]


def test_a_pulse_of_too_few_moves_nowhere(home: Home) -> None:
    ask_employees(home)
    hear(home, *(mood(n, "2026-09") for n in range(30)), *(mood(n, value=5 if n else 1) for n in range(6)))
    (found,) = [row for row in movers(Session(home, as_user="Ada", clock=lambda: NOON), NOON) if row.key == "mood"]
    assert (found.suppressed, found.change["value"], found.p, found.real) == ("privacy", None, None, False)
    assert found.before["value"] is None


@pytest.mark.usefixtures("home")
def test_the_page_says_when_nothing_can_be_compared_and_root_is_refused(sign_in: SignIn) -> None:
    assert answer_of(sign_in("Ada").get("/understand/moved/")).startswith("Nothing can be compared yet")
    assert sign_in("Root").get("/understand/moved/").status_code == 403
