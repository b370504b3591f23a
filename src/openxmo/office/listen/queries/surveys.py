"""Which surveys run, who was asked and who answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.listen.response_rate import ResponseRate, response_rate
from openxmo.office.accounts.access import Access
from openxmo.office.govern.naming import did_you_mean
from openxmo.office.govern.office import Office
from openxmo.office.govern.practice import Survey
from openxmo.office.listen.models import Opening
from openxmo.office.listen.visibility import openings_for


def get_survey(office: Office, key: str) -> Survey:
    """The survey of that key; WrongUsage with the nearest known one."""
    surveys = {survey.key: survey for survey in office.surveys}
    if key not in surveys:
        raise WrongUsage(
            _('There is no survey "%(key)s"%(hint)s') % {"key": key, "hint": did_you_mean(key, surveys) or "."},
            mend=_("Choose one of those."),
        )
    return surveys[key]


@dataclass(frozen=True)
class OpeningRow:
    """One opening with its counts; `asked` None at a public link, where nobody knows who saw it."""

    opening: Opening
    open: bool
    asked: int | None
    answered: int
    refused: int
    last_at: datetime | None
    rate: ResponseRate | None


@dataclass(frozen=True)
class SurveyRow:
    survey: Survey
    openings: tuple[OpeningRow, ...]

    @property
    def is_open(self) -> bool:
        return any(row.open for row in self.openings)

    @property
    def open_count(self) -> int:
        return sum(row.open for row in self.openings)

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.openings)

    @property
    def last_at(self) -> datetime | None:
        return max((row.last_at for row in self.openings if row.last_at), default=None)

    @property
    def rate(self) -> ResponseRate | None:
        """Of the personal links alone: at a public one nobody knows how many were asked."""
        personal = [row for row in self.openings if row.asked]
        if not personal:
            return None
        return response_rate(
            asked=sum(row.asked or 0 for row in personal), answered=sum(row.answered for row in personal)
        )


def opening_rows(access: Access, *, at: datetime, only: int | None = None) -> list[OpeningRow]:
    openings = openings_for(access)
    openings = openings if only is None else openings.filter(pk=only)
    counted = openings.annotate(
        asked=Count("links", distinct=True),
        refused=Count("links", filter=Q(links__refused_at__isnull=False), distinct=True),
        answered=Count("replies", distinct=True),
        last_at=Max("replies__answered_at"),
    )
    return [_row(opening, at) for opening in counted]


def _row(opening: Opening, at: datetime) -> OpeningRow:
    counts = vars(opening)
    asked = counts["asked"] if opening.personal else None
    return OpeningRow(
        opening=opening,
        open=is_open(opening, at=at),
        asked=asked,
        answered=counts["answered"],
        refused=counts["refused"],
        last_at=counts["last_at"],
        rate=response_rate(asked=asked, answered=counts["answered"]) if asked else None,
    )


def is_open(opening: Opening, *, at: datetime) -> bool:
    return (
        opening.closed_at is None and opening.valid_from <= at and (opening.valid_to is None or at < opening.valid_to)
    )


def survey_rows(office: Office, rows: Iterable[OpeningRow]) -> list[SurveyRow]:
    """All surveys of the office with their openings, those that run first."""
    by_survey: dict[str, list[OpeningRow]] = {}
    for row in rows:
        by_survey.setdefault(row.opening.survey, []).append(row)
    found = [SurveyRow(survey, tuple(by_survey.get(survey.key, ()))) for survey in office.surveys]
    return sorted(found, key=lambda row: (not row.is_open, not row.openings, row.survey.label))
