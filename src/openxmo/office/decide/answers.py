"""What the four rankings say, in sentences: who puts what first, what hangs on the effort, what is not ranked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from openxmo.core.decide.appraisal import FRAMEWORKS
from openxmo.office.decide.board import NAMES
from openxmo.office.ui.components.words import number, percent, signed

SAME, OPPOSITE = 0.6, -0.2  # Kendall's tau from which two orders are called nearly the same, or rather opposite
MOST_NAMED = 3
MOST_FLIPS = 6


def titles_of(document: Mapping[str, Any]) -> dict[str, str]:
    return {each["key"]: each["title"] or each["key"] for each in document["items"]}


def leaders(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Per framework the keys of the items that it puts first."""
    return {
        framework: [each["key"] for each in document["items"] if (each[framework] or {}).get("rank") == 1]
        for framework in FRAMEWORKS
    }


def answer(document: Mapping[str, Any], *, asked_of_kano: bool = True) -> str:
    """The whole answer in two or three sentences."""
    said = [first_sentence(document)]
    if asked_of_kano:
        said.append(kano_sentence(document))
    said += [flip_sentence(document), blocked_sentence(document)]
    return " ".join(sentence for sentence in said if sentence)


def first_sentence(document: Mapping[str, Any]) -> str:
    """`RICE puts “A” first, WSJF and cost/benefit “B”.` Kano has its own sentence."""
    titles = titles_of(document)
    by_item: dict[tuple[str, ...], list[str]] = {}
    for framework, first in leaders(document).items():
        if first and framework != "kano":
            by_item.setdefault(tuple(first), []).append(str(NAMES[framework]))
    if not by_item:
        return ""
    parts: list[str] = []
    for keys, names in sorted(by_item.items(), key=lambda pair: (len(pair[1]), pair[1])):
        what = listed([f"“{titles[key]}”" for key in keys])
        who = listed(names)
        if parts:
            parts.append(f"{who} {what}")
        elif len(by_item) == 1 and len(names) > 1:
            parts.append(gettext("%(who)s all put %(what)s first") % {"who": who, "what": what})
        else:
            verb = ngettext("%(who)s puts %(what)s first", "%(who)s put %(what)s first", len(names))
            parts.append(verb % {"who": who, "what": what})
    return ", ".join(parts) + "."


def kano_sentence(document: Mapping[str, Any]) -> str:
    """`Kano makes “B” a must-be.`"""
    musts = [each["title"] or each["key"] for each in document["items"] if (each["kano"] or {}).get("category") == "M"]
    if not musts:
        return ""
    named = listed([f"“{title}”" for title in musts[:MOST_NAMED]])
    if len(musts) == 1:
        return gettext("Kano makes %s a must-be.") % named
    if len(musts) <= MOST_NAMED:
        return gettext("Kano makes %s must-bes.") % named
    return gettext("Kano makes %(count)s of them must-bes, %(named)s among them.") % {
        "count": len(musts),
        "named": named,
    }


def flip_sentence(document: Mapping[str, Any]) -> str:
    """`+20 % effort flips ranks 2 and 3 by WSJF and RICE.` Only neighbours that change places at the top are named."""
    by_ranks: dict[tuple[int, int], list[str]] = {}
    for flip in document["flips"]:
        if flip["new_rank"] == flip["rank"] + 1 and flip["rank"] <= MOST_NAMED:
            by_ranks.setdefault((flip["rank"], flip["new_rank"]), []).append(str(NAMES[flip["by"]]))
    said = [
        gettext("ranks %(first)s and %(second)s by %(who)s") % {"first": first, "second": second, "who": listed(names)}
        for (first, second), names in sorted(by_ranks.items())
    ]
    if not said:
        return ""
    effort = signed(document["effort_up"] * 100, 0)
    return gettext("%(effort)s %% effort flips %(what)s.") % {"effort": effort, "what": listed(said)}


def blocked_sentence(document: Mapping[str, Any]) -> str:
    count = len(document["blocked"])
    if not count:
        return ""
    return ngettext(
        "%s idea is not ranked: it does not yet say what it is for.",
        "%s ideas are not ranked: they do not yet say what they are for.",
        count,
    ) % number(count)


def agreement_rows(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every two rankings, Kendall's tau in words first."""
    return [
        {
            "first": NAMES[pair["first"]],
            "second": NAMES[pair["second"]],
            "tau": number(pair["tau"], 2) if pair["tau"] is not None else "",
            "n": pair["n"],
            "words": agreement_words(pair["tau"]),
        }
        for pair in document["agreement"]
    ]


def agreement_words(tau: float | None) -> str:
    if tau is None:
        return gettext("too few in common")
    if tau >= SAME:
        return gettext("nearly the same order")
    if tau <= OPPOSITE:
        return gettext("rather the opposite order")
    return gettext("little in common") if tau < SAME / 2 else gettext("partly the same order")


def contested(document: Mapping[str, Any], most: int = MOST_NAMED) -> list[str]:
    """The items on which the rankings lie furthest apart, a sentence each."""
    titles = titles_of(document)
    return [
        gettext("“%(title)s” is number %(best)s by %(best_by)s and number %(worst)s by %(worst_by)s.")
        % {
            "title": titles[row["key"]],
            "best": row[row["best_by"]],
            "best_by": NAMES[row["best_by"]],
            "worst": row[row["worst_by"]],
            "worst_by": NAMES[row["worst_by"]],
        }
        for row in document["disagreement"][:most]
        if row["spread"] > 1
    ]


def flips_told(document: Mapping[str, Any], most: int = MOST_FLIPS) -> list[str]:
    """The flips nearest the top, a sentence each; of a long backlog how many more there are further down."""
    titles = titles_of(document)
    nearest = sorted(document["flips"], key=lambda flip: flip["rank"])
    more = len(nearest) - most
    said = [
        gettext("By %(who)s “%(title)s” falls from %(rank)s to %(then)s, behind %(others)s.")
        % {
            "who": NAMES[flip["by"]],
            "title": titles[flip["key"]],
            "rank": flip["rank"],
            "then": flip["new_rank"],
            "others": listed([f"“{titles[key]}”" for key in flip["overtaken_by"]]),
        }
        for flip in nearest[:most]
    ]
    if more > 0:
        said.append(ngettext("%s rank more changes further down.", "%s ranks more change further down.", more) % more)
    return said


def how_sure(leads: float | None) -> str:
    """In which share of the draws an item comes first."""
    if leads is None:
        return ""
    if leads >= 0.995:
        return gettext("first in every draw")
    return gettext("first in %s of draws") % percent(leads) if leads >= 0.005 else ""


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
