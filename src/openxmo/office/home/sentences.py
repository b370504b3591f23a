"""Three sentences a week: what moved and is real, what is stuck, what was proved or soon will be."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openxmo.office.accounts.access import Access
from openxmo.office.govern.session import Session
from openxmo.office.home.standing import Waiting, waiting
from openxmo.office.lib.navigation import find_places
from openxmo.office.prove.models import Verdict
from openxmo.office.prove.queries import standing_verdict
from openxmo.office.prove.visibility import visible_to
from openxmo.office.prove.wording import short
from openxmo.office.ui.components.words import number, signed
from openxmo.office.understand.queries import compared, movers


@dataclass(frozen=True)
class Sentence:
    """`address` is the page that the sentence's numbers are read from, without the host."""

    words: str
    address: str


def three_sentences(office: Session, access: Access, *, at: datetime) -> list[Sentence]:
    """For one person, with their rights."""
    return [moved(office, at), stuck(waiting(access, at=at), access), proved(access, at=at)]


def moved(office: Session, at: datetime) -> Sentence:
    found = [each for each in movers(office, at) if each.real]
    if not compared(office, at):
        return Sentence(
            _("Nothing can be compared yet: no metric was heard in two whole months."), reverse("understand-moved")
        )
    all_ = number(compared(office, at), 0)
    if not found:
        words = _("Of %(all)s metrics none moved by more than chance in the last whole month or quarter.") % {
            "all": all_
        }
        return Sentence(words, reverse("understand-moved"))
    first = found[0]
    words = ngettext(
        "In the last whole month or quarter one of %(all)s metrics moved by more than chance: "
        "%(label)s to %(value)s %(unit)s (%(change)s).",
        "In the last whole month or quarter %(n)s of %(all)s metrics moved by more than chance, "
        "above all %(label)s to %(value)s %(unit)s (%(change)s).",
        len(found),
    ) % {
        "n": len(found),
        "all": all_,
        "label": first.label,
        "value": number(first.after["value"], 1),
        "unit": first.unit,
        "change": signed(first.change["value"], 1),
    }
    return Sentence(words, first.why)


def stuck(found: Waiting, access: Access) -> Sentence:
    """An executive counts what is late, and may open no case: the link leads to a page that this reader may open."""
    cases = ngettext(
        "%(late)s of one open case is past its clock", "%(late)s of %(open)s open cases are past their clock",
        found.clocks.open,
    ) % {"late": found.clocks.late, "open": found.clocks.open}  # fmt: skip
    teams = ngettext(
        "one recommendation waits for its answer", "%(n)s recommendations wait for their answer", len(found.unanswered)
    ) % {"n": len(found.unanswered)}
    wanted = ("act-cases", "act-asked-of-others") if found.clocks.late else ("act-asked-of-others", "act-cases")
    open_to_them = {place.route for place in find_places(access.has)}
    route = next((route for route in wanted if route in open_to_them), "home-stand")
    return Sentence(_("%(cases)s, and %(teams)s.") % {"cases": cases, "teams": teams}, reverse(route))


def proved(access: Access, *, at: datetime) -> Sentence:
    """The newest verdict, else the nearest to come."""
    newest = newest_verdict(access, at=at)
    if newest is None:
        return Sentence(_("No initiative has a verdict yet."), reverse("prove-under-way"))
    words = _("The newest verdict is on “%(title)s”: %(word)s.") % {
        "title": newest.initiative.title,
        "word": short(newest),
    }
    return Sentence(words, reverse("prove-initiative", args=[newest.initiative.pk]))


def newest_verdict(access: Access, *, at: datetime) -> Verdict | None:
    verdicts = [verdict for each in visible_to(access) if (verdict := standing_verdict(each)) is not None]
    return max((v for v in verdicts if v.judged_at <= at), key=lambda v: (v.judged_at, v.pk), default=None)
