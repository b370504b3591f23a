"""Kano's two questions about one idea, as a survey that can be opened: with the idea, and without it."""

from datetime import datetime

from django.utils.translation import gettext

from openxmo.core.decide import kano
from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.decide import policies
from openxmo.office.decide.models import Item
from openxmo.office.govern.actions import put
from openxmo.office.govern.office import Office, identity
from openxmo.office.govern.practice import Experience, Instrument, Survey

VERSION = "1"


def survey_of(item: Item) -> str:
    """The key of the survey about an idea; keys of the office begin with a letter, and an idea's need not."""
    return f"kano-{item.key}"


def is_asked(item: Item, office: Office) -> bool:
    return any(survey.key == survey_of(item) for survey in office.surveys)


def ask_feelings(home: Home, office: Office, *, item: Item, by: str, at: datetime) -> Survey:
    """Put the two questions and their survey into the office; its wording can be changed like any other's."""
    policies.check_changeable(item)
    if is_asked(item, office):
        raise WrongUsage(
            gettext("Kano's two questions about this idea stand already."), mend=gettext("Open a link to their survey.")
        )
    questions = [
        _question(item, kano.WITH, gettext("If there were this, how would you feel? “%s”") % item.title),
        _question(item, kano.WITHOUT, gettext("And if there were not, how would you feel? “%s”") % item.title),
    ]
    survey = Survey(
        key=survey_of(item),
        label=gettext("With it, and without it: %s") % item.title,
        questions=tuple(identity(question) for question in questions),
        experience=_experience(item.experience),
        purpose=gettext("To know whether it must be there, whether more of it is better, or whether nobody minds."),
        what_happens=gettext("Your two answers are counted with those of others, and help to decide what comes next."),
        who_sees=gettext("Those who decide what to improve see how many answered what."),
        owner=by,
    )
    put(home, *questions, survey, by=by, at=at)
    return survey


def _experience(word: str) -> Experience:
    known: tuple[Experience, ...] = ("customer", "employee", "partner", "product")
    return next((each for each in known if each == word), "customer")


def _question(item: Item, signal: str, wording: str) -> Instrument:
    return Instrument(
        key=f"{signal.replace('_', '-')}-{item.key}",
        version=VERSION,
        wording=wording,
        answers="choice",
        labels=answers(),
        signal=signal,
        item=item.key,
    )


def answers() -> tuple[str, ...]:
    """The five answers in words, in the order of `kano.LABELS`."""
    return (
        gettext("I like it"),
        gettext("It must be so"),
        gettext("I do not mind"),
        gettext("I can live with it"),
        gettext("I dislike it"),
    )
