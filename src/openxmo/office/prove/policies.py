"""Can it be done to this thing, as it stands? Each rule raises a sentence, or answers yes or no."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.checks import find_metric
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.release import Rules
from openxmo.office.prove.models import Initiative, MoneyClaim, Plan, Signature, Verdict, Word
from openxmo.office.prove.states import JUDGEABLE, NEXT, State
from openxmo.office.prove.terms import MoneyTerms, PlanTerms


def check_step(initiative: Initiative, state: State) -> None:
    if state not in NEXT[State(initiative.state)]:
        raise WrongUsage(
            _("This initiative is %(state)s, so it cannot become %(next)s.")
            % {"state": State(initiative.state).label, "next": state.label},
            where=initiative.title,
        )


def can_step(initiative: Initiative, state: State) -> bool:
    return state in NEXT[State(initiative.state)]


# PLANS


def check_terms(terms: PlanTerms, definitions: Definitions, rules: Rules) -> None:
    """Whether a plan of these terms could be judged at all."""
    metric = find_metric(terms.metric, definitions)
    if metric.score.kind in ("quantile", "index"):
        raise WrongUsage(
            _("Quantiles and indices do not add up over units and periods."),
            mend=_("Plan by a mean, a share or a ratio."),
        )
    check_cut(terms, rules)
    if not terms.treated:
        raise WrongUsage(_("Nobody is reached by the change."), mend=_("Name at least one value that is."))
    both = set(terms.treated) & set(terms.comparison or ())
    if both:
        raise WrongUsage(_("%(value)s cannot be both reached and compared with.") % {"value": sorted(both)[0]})
    if terms.expected == 0:
        raise WrongUsage(_("No effect is promised."), mend=_("Say how far the metric should move."))
    if (terms.expected > 0) != (metric.better == "higher"):
        raise WrongUsage(
            _("The promised move makes %(metric)s worse.") % {"metric": metric.label or metric.key},
            mend=_("Here %(better)s is better.") % {"better": _("higher") if metric.better == "higher" else _("lower")},
        )
    check_days(terms)
    check_counter(terms, definitions)


def check_cut(terms: PlanTerms, rules: Rules) -> None:
    """Agents are never told apart in a proof: a verdict on a few would be a verdict on persons."""
    named = {terms.by, terms.cluster} & rules.agent_cuts
    if named:
        raise WrongUsage(
            _("Initiatives are not judged by agent."), mend=_("Name a team, a site or the part in a trial instead.")
        )
    if terms.cluster and terms.cluster == terms.by:
        raise WrongUsage(_("What is drawn as one must lie within the groups."), mend=_("Leave it empty."))


def check_days(terms: PlanTerms) -> None:
    if terms.until <= terms.change_on:
        raise WrongUsage(_("The reading ends before the change."), mend=_("Let it end later."))
    if terms.since is not None and terms.since >= terms.change_on:
        raise WrongUsage(_("The reading begins after the change."), mend=_("A baseline needs earlier periods."))
    if terms.ready_on is not None and not terms.change_on < terms.ready_on <= terms.until:
        raise WrongUsage(_("The verdict must be due after the change, and by the end of the reading."))


def check_counter(terms: PlanTerms, definitions: Definitions) -> None:
    if terms.counter_limit < 0:
        raise WrongUsage(_("The tolerated loss is never below zero."), mend=_("Say 0 where no loss is tolerated."))
    if not terms.counter_metric:
        return
    find_metric(terms.counter_metric, definitions)
    if terms.counter_metric == terms.metric:
        raise WrongUsage(_("A metric cannot watch over itself."), mend=_("Name another one as the counter-metric."))


def check_fixable(initiative: Initiative, plan: Plan, day: date) -> None:
    """Whether this version may be fixed on this day: the first one only before the change."""
    if plan.fixed_at is not None:
        raise WrongUsage(_("This plan is fixed already."))
    if plan.number == 1:
        check_step(initiative, State.APPROVED)
        if day > plan.change_on:
            raise WrongUsage(
                _("The change was planned for %(day)s, which is over: what is fixed afterwards is no promise.")
                % {"day": plan.change_on},
                mend=_("Move the change to a day that is still to come."),
            )


def check_changeable(initiative: Initiative) -> None:
    if initiative.state in (State.JUDGED, State.STOPPED):
        raise WrongUsage(_("This initiative is over, so its plan stays as it was."))


def check_start(initiative: Initiative, plan: Plan, day: date) -> None:
    check_step(initiative, State.UNDER_WAY)
    if day < plan.change_on:
        raise WrongUsage(
            _("The baseline runs until %(day)s: whoever starts earlier spoils it.") % {"day": plan.change_on},
            mend=_("Start on that day or later, or change the plan, with a reason."),
        )


# VERDICTS AND MONEY


def check_judgeable(initiative: Initiative) -> None:
    if initiative.state not in JUDGEABLE or initiative.started_at is None:
        raise WrongUsage(_("This initiative has not started, so there is nothing to judge."), where=initiative.title)


def check_claimable(verdict: Verdict | None) -> None:
    """Money follows from an effect or a harm, and from nothing else."""
    if verdict is None:
        raise WrongUsage(_("Nothing was judged yet."), mend=_("Ask for the verdict first."))
    if verdict.word not in (Word.EFFECT, Word.HARM):
        raise WrongUsage(
            _("No money follows from a verdict of “%(verdict)s”.") % {"verdict": verdict.get_word_display()},
            mend=_("Only a proved effect, or a proved harm, is worth something."),
        )


def check_unclaimed(verdict: Verdict) -> None:
    """One verdict is worth its money once: only what finance refused may be claimed anew."""
    if verdict.claims.exclude(signature__signed=False).exists():
        raise WrongUsage(
            _("The money of this verdict is claimed already."), mend=_("After a refusal it can be claimed anew.")
        )


def check_money(terms: MoneyTerms) -> None:
    if not terms.assumptions.strip():
        raise WrongUsage(
            _("The claim names no assumptions."), mend=_("Say what must hold for the figures to be right.")
        )
    if terms.period_to <= terms.period_from:
        raise WrongUsage(_("The period ends before it begins."))
    if terms.volume.likely <= 0 or terms.value.likely <= 0:
        raise WrongUsage(_("The volume and the value of one are above zero."))


def check_answerable(claim: MoneyClaim, standing: Verdict) -> None:
    """Whether finance can still answer: nothing answered yet, and the verdict it follows from stands."""
    if Signature.objects.filter(claim=claim).exists():
        raise WrongUsage(_("Finance has answered this claim, and an answer is for good."))
    if standing.pk != claim.verdict.pk:
        raise WrongUsage(
            _("The initiative was judged again since, so this claim is void."),
            mend=_("Claim anew, from the verdict that stands."),
        )
    check_claimable(standing)


def shift_of(initiative: Initiative, plan: Plan, day: date | None) -> timedelta:
    """How much later than planned it started: the reading and its verdict move as far."""
    return max(timedelta(0), day - plan.change_on) if day and initiative.started_at else timedelta(0)
