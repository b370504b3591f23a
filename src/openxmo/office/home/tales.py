"""The number of each step of the first walk, in a sentence; what cannot be said yet is said as that."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openxmo.office.act.queries import clocks_of, open_cases_of, waiting_possible
from openxmo.office.decide.answers import answer
from openxmo.office.decide.seen import Backlog
from openxmo.office.home.standing import delivered
from openxmo.office.home.trusting import judge_trust
from openxmo.office.home.walking import Walk
from openxmo.office.prove.ledger import read_ledger
from openxmo.office.prove.queries import standing_verdict
from openxmo.office.prove.states import ClaimState
from openxmo.office.prove.visibility import visible_to as visible_initiatives
from openxmo.office.prove.wording import short
from openxmo.office.ui.components.words import money, number, signed

MOVED = "csat"


def heard(walk: Walk) -> str:
    rows = walk.office.sources().to_document()["rows"]
    total = sum(row["signals"] for row in rows)
    if not total:
        return _("Nothing has been heard yet.")
    return _(
        "%(total)s signals of %(n)s sources came in, each checked, and what was wrong is kept with its reason."
    ) % {
        "total": number(total, 0),
        "n": len(rows),
    }


def trusted(walk: Walk) -> str:
    found = judge_trust(walk.office, since=walk.month(13), until=walk.month(25))
    if not found.apart:
        return _("Yes, as far as this shows: what reports leave out changes no score by more than noise.")
    worst = max(found.apart, key=lambda each: abs(each.counted["value"] - each.received["value"]))
    return _(
        "Not everywhere: %(place)s reports %(label)s %(counted)s, and with everything received it is %(received)s."
    ) % {
        "place": worst.place,
        "label": worst.metric.label or worst.metric.key,
        "counted": number(worst.counted["value"], 1),
        "received": number(worst.received["value"], 1),
    }


def gap(walk: Walk) -> str:
    found = delivered(walk.office, since=walk.month(24), until=walk.month(25))
    known = [each for each in found if each.row["gap"] is not None]
    if not known:
        return _("No ambition can be set against what is delivered yet.")
    agreed = next((each for each in known if each.row["components"]), known[0])
    parts = ", ".join(
        f"{part['label'] or part['metric']} {number(part['gap'], 2)}"
        for part in agreed.row["components"]
        if part["gap"]
    )
    said = _("“%(label)s”: %(delivered)s delivered of %(target)s, a gap of %(gap)s.") % {
        "label": (agreed.row["statement"] or agreed.row["label"]).removesuffix("."),
        "delivered": number(agreed.row["delivered"], 2),
        "target": number(agreed.row["target"], 0),
        "gap": number(agreed.row["gap"], 2),
    }
    return f"{said} {_('It adds up from')} {parts}." if parts else said


def moved(walk: Walk) -> str:
    before, after = (walk.month(17), walk.month(20)), (walk.month(20), walk.month(23))
    by = ("channel", "product")
    asked: dict[str, Any] = {"before": before, "after": after, "by": by, "include_excluded": True}
    document = walk.office.explain(MOVED, **asked).to_document()
    change = document["change"]
    if change["value"] is None:
        return _("Too little was heard to say whether anything moved.")
    said = _("%(label)s moved by %(change)s points (%(low)s to %(high)s).") % {
        "label": walk.office.label_of(MOVED),
        "change": signed(change["value"], 1),
        "low": signed(change["low"], 1),
        "high": signed(change["high"], 1),
    }
    named = [" × ".join(str(value) for value in cell["by"].values() if value) for cell in document["localised"]]
    return f"{said} {_('It lies at')} {', '.join(named[:2])}." if named else f"{said} {_('No place stands out.')}"


def next_(walk: Walk) -> str:
    backlog = Backlog(walk.office, walk.access, walk.at)
    if not backlog.entries:
        return _("No idea stands in the backlog yet.")
    return answer(backlog.ranking.to_document())


def needed(walk: Walk) -> str:
    clocks, possible = clocks_of(open_cases_of(walk.access), at=walk.at), waiting_possible(walk.access).count()
    if not clocks.open and not possible:
        return _("Nobody waits: no case is open.")
    said = ngettext("One case is open", "%(n)s cases are open", clocks.open) % {"n": clocks.open}
    late = ngettext("one is past its clock", "%(n)s are past their clock", clocks.late) % {"n": clocks.late}
    comments = ngettext("One comment may be a complaint.", "%(n)s comments may be complaints.", possible) % {
        "n": possible
    }
    return f"{said}, {late}." + (f" {comments}" if possible else "")


def proved(walk: Walk) -> str:
    verdicts = [(each, standing_verdict(each)) for each in visible_initiatives(walk.access).order_by("id")]
    said = [f"“{each.title}”: {short(verdict)}" for each, verdict in verdicts if verdict is not None]
    return "; ".join(said) + "." if said else _("No initiative has a verdict yet.")


def earned(walk: Walk) -> str:
    sums: Mapping[str, Any] = read_ledger(walk.access, walk.office.definitions).sums(ClaimState.SIGNED)
    if not sums:
        return _("Nothing that finance has signed yet.")
    amounts = [
        _("%(net)s net (%(low)s to %(high)s)")
        % {
            "net": money(each.net.together.likely, currency),
            "low": money(each.net.together.low, currency),
            "high": money(each.net.together.high, currency),
        }
        for currency, each in sums.items()
    ]
    return _("Proved, and signed by finance: %(amounts)s.") % {"amounts": ", ".join(amounts)}


def own_file(walk: Walk) -> str:  # noqa: ARG001  (every step is told of the walk)
    return _(
        "Drop a file: its columns are guessed, you answer six questions at most, and see your first score with its "
        "interval, three things worth knowing, and what is missing."
    )
