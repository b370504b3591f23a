"""Recommendations: sent to one team, answered by it in one of three ways, called unanswered when nobody does."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.act.links import ANSWER, sign
from openxmo.office.act.models import Quote, Recommendation
from openxmo.office.act.people import addressees, emails_of, with_role
from openxmo.office.act.policies import check_recommendation_step
from openxmo.office.act.rules import due_by, find_answering_rule
from openxmo.office.act.states import RECOMMENDATION_STEPS, RecommendationState
from openxmo.office.govern import trail
from openxmo.office.govern.office import Office
from openxmo.office.lib.letters import address_of, send_letter

CALLER = "xmo_lead"  # calls a silent team where the rule names nobody
WITHOUT_A_RULE = "10 days"
CLOCKS = "clocks"
MOST_QUOTES = 3


@transaction.atomic
def recommend(
    office: Office,
    *,
    item: str,
    asked: str,
    why: str,
    strength: str,
    unit: str,
    lever: str,
    may_be_wrong: str,
    cost_of_not_acting: str = "",
    evidence: Sequence[str] = (),
    quotes: Sequence[Quote] = (),
    by: str,
    at: datetime,
) -> Recommendation:
    """Ask one team for one thing. Whoever answers for the unit gets a letter with a link of their own."""
    check_said(asked=asked, why=why, may_be_wrong=may_be_wrong)
    if unit not in {each.key for each in office.units}:
        raise WrongUsage(_("There is no unit “%(unit)s”.") % {"unit": unit}, mend=_("Choose one of the office's."))
    made = Recommendation.objects.create(
        item=item,
        asked=" ".join(asked.split())[:300],
        why=why.strip(),
        strength=strength,
        unit=unit,
        lever=lever,
        may_be_wrong=may_be_wrong.strip(),
        cost_of_not_acting=cost_of_not_acting.strip(),
        evidence=list(evidence),
        sent_at=at,
        sent_by=by,
        due_at=due_date(office, at),
    )
    for quote in quotes[:MOST_QUOTES]:
        quote.recommendation = made
        quote.save()
    if item:
        trail.link(item, made.name, by=by, at=at)
    audit.record("recommendation sent", by=by, at=at, on=[made.name, *([item] if item else [])])
    write_to_team(office, made, at=at)
    return made


def check_said(**fields: str) -> None:
    words = {
        "asked": _("Say what is asked for."),
        "why": _("Say why, in plain words."),
        "may_be_wrong": _("Say what we may have wrong: nothing is certain."),
    }
    for name, value in fields.items():
        if not value.strip():
            raise WrongUsage(words[name])


def due_date(office: Office, at: datetime) -> datetime:
    rule = find_answering_rule(office)
    if rule is None:
        return due_by(office, WITHOUT_A_RULE, calendar=None, start=at)
    return due_by(office, rule.answer_in, calendar=rule.calendar, start=at)


def today(office: Office, at: datetime) -> date:
    return at.astimezone(ZoneInfo(office.settings.zone)).date()


def write_to_team(office: Office, made: Recommendation, *, at: datetime) -> None:
    names = addressees(office, made.unit, day=today(office, at))
    for name, address in emails_of(names).items():
        link = address_of("act-answer", sign(ANSWER, recommendation=made.pk, name=name))
        context = {"recommendation": made, "name": name, "link": link}
        send_letter(
            address, _("Asked of your team: %(asked)s") % {"asked": made.asked}, "act/letters/asked.txt", context
        )


@transaction.atomic
def answer(
    *, recommendation: Recommendation, deed: str, reason: str = "", proposal: str = "", by: str, at: datetime
) -> Recommendation:
    """Accept, decline (a reason is asked for) or counter (a proposal is). The first answer stands."""
    held = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if deed not in ("accept", "decline", "counter"):
        raise WrongUsage(_("A recommendation is accepted, declined or countered."))
    check_recommendation_step(held, deed)
    if deed == "accept" and held.state == RecommendationState.COUNTERED:
        raise WrongUsage(_("This was countered: whoever asked settles it."), where=held.name)
    if deed == "decline" and not reason.strip():
        raise WrongUsage(_("Say why you decline."), where=held.name, mend=_("The reason is what we learn from."))
    if deed == "counter" and not proposal.strip():
        raise WrongUsage(_("Say what you would do instead."), where=held.name)
    step = RECOMMENDATION_STEPS[deed]
    held.state, held.answered_at, held.answered_by = step.after, at, by
    held.reason, held.proposal = reason.strip(), proposal.strip()
    held.save()
    audit.record(step.audited, by=by, at=at, on=[held.name])
    tell_sender(held)
    return held


def tell_sender(recommendation: Recommendation) -> None:
    for address in emails_of([recommendation.sent_by]).values():
        context = {"recommendation": recommendation, "link": address_of("act-recommendation", recommendation.pk)}
        subject = f"{recommendation.get_state_display()}: {recommendation.asked}"
        send_letter(address, subject, "act/letters/answered.txt", context)


@transaction.atomic
def settle_counter(*, recommendation: Recommendation, agree: bool, by: str, at: datetime) -> Recommendation:
    """Whoever asked takes a counter-proposal up, or leaves it: then it counts as declined."""
    held = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if held.state != RecommendationState.COUNTERED or held.settled_at is not None:
        raise WrongUsage(_("There is no proposal to settle here."), where=held.name)
    held.state = RecommendationState.ACCEPTED if agree else RecommendationState.DECLINED
    held.settled_at, held.settled_by = at, by
    held.save()
    audit.record("counter-proposal taken up" if agree else "counter-proposal left", by=by, at=at, on=[held.name])
    return held


def run_out(office: Office, *, at: datetime) -> int:
    """Past their clock: called unanswered, once each, and whoever the rule names is told to call."""
    late = Recommendation.objects.filter(state=RecommendationState.SENT, due_at__lt=at)
    if not late.exists():
        return 0
    rule = find_answering_rule(office)
    with transaction.atomic():
        found = list(late.select_for_update()[:100])
        late.filter(pk__in=[each.pk for each in found]).update(state=RecommendationState.UNANSWERED)
        for each in found:
            audit.record("recommendation unanswered", by=CLOCKS, at=at, on=[each.name])
        callers = emails_of(with_role(office, rule.then if rule else CALLER))
        for name, address in callers.items():
            lines = [(each, address_of("act-recommendation", each.pk)) for each in found]
            context = {"name": name, "lines": lines}
            send_letter(address, _("A team has not answered: please call"), "act/letters/silent.txt", context)
    return len(found)
