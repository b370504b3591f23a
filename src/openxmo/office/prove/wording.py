"""Verdicts in plain words: the sentence, why the evidence is as good as it is, and what nobody knows yet."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openxmo.office.prove.models import Initiative, Plan, Verdict, Word
from openxmo.office.prove.states import State
from openxmo.office.ui.components.words import day, number, signed

WORDS = {
    Word.EFFECT: gettext_lazy("effect"),
    Word.NONE: gettext_lazy("no effect larger than %s"),
    Word.HARM: gettext_lazy("harm"),
    Word.NOT_YET: gettext_lazy("not yet knowable"),
    Word.NO_EVIDENCE: gettext_lazy("not evidence of effect"),
}
TONES = {Word.EFFECT: "better", Word.NONE: "quiet", Word.HARM: "worse", Word.NOT_YET: "open", Word.NO_EVIDENCE: "quiet"}
GRADES = {
    "drawn by lot": gettext_lazy("Drawn by lot"),
    "comparison group": gettext_lazy("Comparison group that moved alike before"),
    "weak comparison": gettext_lazy("Comparison group, with doubts"),
    "not evidence of effect": gettext_lazy("Before and after alone: not evidence of effect"),
}
REASONS = {
    "drawn by lot": gettext_lazy("Chance alone chose who got the change, so nothing else can tell the groups apart."),
    "comparison group": gettext_lazy(
        "Nobody drew lots, yet both groups were seen to move alike before the change, so the comparison stands for "
        "what would have happened anyway."
    ),
    "weak comparison": gettext_lazy(
        "There is a comparison group, but what stands below may have moved one of the groups by itself."
    ),
    "not evidence of effect": gettext_lazy(
        "Without a comparison nobody knows what would have happened anyway: seasons turn, and what is worst gets "
        "better by itself."
    ),
}
DOUBTS = {
    "drifted": gettext_lazy("The groups were already drifting apart before the change."),
    "unchecked": gettext_lazy("Whether both groups moved alike before the change could not be checked."),
    "single unit": gettext_lazy(
        "Only one unit was changed, so anything else that befell it at the same time counts as effect."
    ),
    "few units": gettext_lazy("Fewer than ten units stand on one side, so the interval is likely too narrow."),
    "changed after the start": gettext_lazy("The plan was changed after the start, when numbers could be seen."),
    "baseline moved": gettext_lazy("What was measured before the change reads otherwise now than when it was frozen."),
}

DRIFTING = 0.05  # below this p the groups are said to have drifted apart


def amount(value: Any, unit: str) -> str:
    """A number with its unit."""
    return f"{number(value)} {unit}".strip()


def change(value: Any, unit: str) -> str:
    return f"{signed(value)} {unit}".strip()


def span_of(low: Any, high: Any) -> str:
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}


def short(verdict: Verdict | None) -> str:
    """The verdict in a few words, for tables and pills."""
    if verdict is None:
        return _("not judged")
    words = str(WORDS[Word(verdict.word)])
    if verdict.word == Word.NONE:
        return words % amount(verdict.bound, verdict.document["proof"]["effect_unit"])
    if verdict.word == Word.NOT_YET and verdict.until:
        return _("not yet knowable until %s") % day(verdict.until)
    return words


def tone(verdict: Verdict | None) -> str:
    return "quiet" if verdict is None else TONES[Word(verdict.word)]


# THE ANSWER


def answer(initiative: Initiative, plan: Plan | None, verdict: Verdict | None, due: date | None) -> str:
    """Did it work, in one sentence with its numbers."""
    if verdict is not None:
        return judged(verdict)
    if plan is None:
        return _("Nothing is promised yet: the plan is a draft.")
    if initiative.state == State.APPROVED:
        return _("It has not begun: it starts on %(start)s, and whether it worked can be known from %(due)s.") % {
            "start": day(plan.change_on),
            "due": day(due),
        }
    if initiative.started_at is None:
        return _("It was stopped before it began, so there is nothing to know.")
    return _("Nobody has judged it yet: whether it worked can be known from %s.") % day(due)


def judged(verdict: Verdict) -> str:
    told = {
        Word.EFFECT: told_effect,
        Word.NONE: told_none,
        Word.HARM: told_harm,
        Word.NOT_YET: told_not_yet,
        Word.NO_EVIDENCE: told_no_evidence,
    }
    return told[Word(verdict.word)](verdict)


def facts(verdict: Verdict) -> dict[str, str]:
    found, plan = verdict.document, verdict.plan
    proof = found["proof"]
    effect, unit = proof["effect"], proof["effect_unit"]
    return {
        "label": found["label"],
        "change": change(effect["value"], unit) if effect else "",
        "span": span_of(effect["low"], effect["high"]) if effect else "",
        "promised": change(plan.expected, unit),
    }


def told_effect(verdict: Verdict) -> str:
    return _("Yes. It moved %(label)s by %(change)s (95 %% from %(span)s), where %(promised)s was promised.") % facts(
        verdict
    )


def told_none(verdict: Verdict) -> str:
    proof = verdict.document["proof"]
    bound = amount(verdict.bound, proof["effect_unit"])
    return _("No. If it moved %(label)s at all, then by no more than %(bound)s; %(promised)s was promised.") % {
        **facts(verdict),
        "bound": bound,
    }


def told_harm(verdict: Verdict) -> str:
    if not verdict.harmed_by:
        return _("It did harm. %(label)s moved the wrong way by %(change)s (95 %% from %(span)s).") % facts(verdict)
    counter = verdict.document["counter"]
    effect, unit = counter["proof"]["effect"], counter["proof"]["effect_unit"]
    return _(
        "It did harm. %(label)s moved by %(change)s, and %(counter)s paid for it: %(loss)s (95 %% from %(span)s)."
    ) % {
        **facts(verdict),
        "counter": counter["label"],
        "loss": change(effect["value"], unit),
        "span": span_of(effect["low"], effect["high"]),
    }


def told_not_yet(verdict: Verdict) -> str:
    if verdict.until is None:
        return _("Nobody can know by this design: %s") % _(verdict.document["reason"])
    return _("Not yet knowable until %(until)s. %(reason)s") % {
        "until": day(verdict.until),
        "reason": _(verdict.document["reason"]),
    }


def told_no_evidence(verdict: Verdict) -> str:
    moved = verdict.document["proof"]["moved"]
    unit = verdict.document["proof"]["effect_unit"]
    return _("Nobody can know. %(label)s moved by %(change)s, and without a comparison that is no evidence.") % {
        "label": verdict.document["label"],
        "change": change(moved["change"], unit) if moved else "",
    }


# WHAT IT RESTS ON


def must_hold(verdict: Verdict) -> list[str]:
    """What would have to be true for the verdict to be right."""
    plan, proof = verdict.plan, verdict.document["proof"]
    if not plan.compared:
        return [_("Nothing else moved the metric in that time: no season, no other change, no chance.")]
    told = []
    drift = proof["pre_trend"]
    if plan.drawn_by_lot:
        told.append(_("The lot was drawn fairly, and nobody moved from one group to the other."))
    else:
        told.append(_("Both groups would have moved alike without the change."))
    if drift:
        seen = _("no drift was seen") if drift["p"] >= DRIFTING else _("they were drifting apart")
        told.append(
            ngettext(
                "In the %(count)s period before, the gap between the groups moved by %(slope)s a period (%(span)s): "
                "%(seen)s.",
                "In the %(count)s periods before, the gap between the groups moved by %(slope)s a period (%(span)s): "
                "%(seen)s.",
                drift["periods"],
            )
            % {
                "count": drift["periods"],
                "slope": change(drift["slope"], proof["effect_unit"]),
                "span": span_of(drift["low"], drift["high"]),
                "seen": seen,
            }
        )
    if proof["units"] is None:
        told.append(_("Nothing else befell the changed group at the same time."))
    else:
        told.append(_("What was done in one group did not spill over to the other."))
    return told


def unknown(verdict: Verdict) -> list[str]:
    """What nobody knows, and until when."""
    found, told = verdict.document, []
    end = date.fromisoformat(found["days"]["until"])
    unit = found["proof"]["effect_unit"]
    if verdict.word == Word.NOT_YET:
        until = day(verdict.until) if verdict.until else _("another design is planned")
        told.append(_("Whether it works at all, until %s.") % until)
    elif verdict.word == Word.NONE:
        told.append(_("Whether it has an effect smaller than %s.") % amount(verdict.bound, unit))
    else:
        told.append(_("Whether this lasts beyond %s: nobody measured longer.") % day(end))
    counter = found["counter"]
    if counter and not counter["check"]:
        told.append(_("Whether %s paid for it: it could not be read in both groups.") % counter["label"])
    elif counter and counter["check"]["finding"] == "harm not ruled out":
        told.append(
            _("Whether %(label)s became worse by more than %(limit)s: too few were measured to rule it out.")
            % {"label": counter["label"], "limit": amount(counter["check"]["limit"], counter["proof"]["effect_unit"])}
        )
    elif not counter:
        told.append(_("What else it changed: no counter-metric was named before the start."))
    return told


def alone(verdict: Verdict, changed: float | None, others: float | None) -> str:
    """What before and after alone would have said, where a comparison says something else."""
    if changed is None or others is None:
        return ""
    unit = verdict.document["proof"]["effect_unit"]
    return _("Before and after alone would have said %(changed)s; those compared with moved by %(others)s anyway.") % {
        "changed": change(changed, unit),
        "others": change(others, unit),
    }


def counter_told(counter: dict[str, Any]) -> str:
    """What became of the counter-metric, in one sentence."""
    check, proof = counter["check"], counter["proof"]
    if not check:
        return counter["problem"] or _("It could not be compared, so nobody knows.")
    unit = proof["effect_unit"]
    facts = {
        "change": change(proof["effect"]["value"], unit),
        "span": span_of(proof["effect"]["low"], proof["effect"]["high"]),
        "limit": amount(check["limit"], unit),
    }
    told = {
        "harm": _("Harm: it moved by %(change)s (%(span)s), and a loss of %(limit)s was tolerated."),
        "worse within the limit": _("Worse by less than was tolerated: %(change)s (%(span)s), limit %(limit)s."),
        "harm not ruled out": _("Not settled: it moved by %(change)s (%(span)s), so a loss of %(limit)s may be in it."),
        "no harm beyond the limit": _("No harm: it moved by %(change)s (%(span)s), within the limit of %(limit)s."),
    }
    sentence: str = told[check["finding"]]
    return sentence % facts


# THE PLAN


def promise(plan: Plan, label: str) -> str:
    """What was promised, in one sentence."""
    return _("%(label)s moves by %(expected)s where %(by)s is %(treated)s, from %(change)s on.") % {
        "label": label,
        "expected": change(plan.expected, plan.unit),
        "by": plan.by,
        "treated": named(plan.treated),
        "change": day(plan.change_on),
    }


def compared_with(plan: Plan) -> str:
    if plan.comparison is None:
        return _("all others")
    return named(plan.comparison) if plan.comparison else _("nobody: before and after alone")


def named(values: list[str]) -> str:
    return ", ".join(values)
