"""The periods that a page can be asked for."""

from datetime import date

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.office.ui.periods import offered, read_period

TODAY = date(2026, 2, 14)


@pytest.mark.parametrize(
    ("key", "since", "until"),
    [
        ("this-month", date(2026, 2, 1), date(2026, 3, 1)),
        ("last-month", date(2026, 1, 1), date(2026, 2, 1)),
        ("last-3-months", date(2025, 11, 1), date(2026, 2, 1)),
        ("last-12-months", date(2025, 2, 1), date(2026, 2, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2025-Q4", date(2025, 10, 1), date(2026, 1, 1)),
        ("2025", date(2025, 1, 1), date(2026, 1, 1)),
        ("2026-01-05..2026-01-05", date(2026, 1, 5), date(2026, 1, 6)),
        ("all", None, None),
    ],
)
def test_each_key_is_days_of_the_office(key: str, since: date | None, until: date | None) -> None:
    period = read_period(key, today=TODAY)
    assert (period.since, period.until) == (since, until)
    assert period.label


@pytest.mark.parametrize(
    "key", ["", "soon", "2026-13", "2026-Q5", "0000", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01"]
)
def test_what_is_no_period_is_refused_in_words(key: str) -> None:
    with pytest.raises(WrongUsage, match="is no period"):
        read_period(key, today=TODAY)


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2026-01", (date(2025, 12, 1), date(2026, 1, 1))),
        ("last-3-months", (date(2025, 8, 1), date(2025, 11, 1))),
        ("2026-01-08..2026-01-14", (date(2026, 1, 1), date(2026, 1, 8))),
    ],
)
def test_the_period_before_is_as_long(key: str, before: tuple[date, date]) -> None:
    found = read_period(key, today=TODAY).before()
    assert found is not None
    assert (found.since, found.until) == before
    assert read_period("all", today=TODAY).before() is None


def test_what_is_offered_can_be_read_again() -> None:
    for period in offered(TODAY):
        assert read_period(period.key, today=TODAY) == period
