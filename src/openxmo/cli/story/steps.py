"""The steps of the story. Each returns what it found, and shows it with the command that asks the same."""

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openxmo.cli.commands.explain import show_explanation
from openxmo.cli.commands.gap import show_gap
from openxmo.cli.commands.rank import show_ranking
from openxmo.cli.numbers import show_interval, show_number, show_percent
from openxmo.cli.story.building import Story
from openxmo.cli.terminal import Terminal
from openxmo.core.world.files import BACKLOG_FILE
from openxmo.core.world.months import month_start
from openxmo.library import Session


@dataclass(frozen=True)
class Told:
    """Where a step is told: to whom, over which office, when."""

    session: Session
    story: Story
    terminal: Terminal

    def month(self, number: int) -> date:
        """The first day of a month of the story: M1 to M24, and M25 is the running one."""
        return month_start(self.story.moment, number).date()

    def show_command(self, *words: object) -> list[str]:
        """Show the command that asks the same, and return its words."""
        asked = [str(word) for word in words]
        usual = Path(os.environ.get("OPENXMO_HOME") or "var").resolve()
        home = self.session.home.path
        place = [] if home.resolve() == usual else ["--home", str(home)]
        self.terminal.print(f"  $ xmo {shlex.join([*asked, *place])}")
        return asked


Found = dict[str, Any]


def tell_heard(told: Told) -> Found:
    document = told.session.sources().to_document()
    rows = sorted(document["rows"], key=lambda row: -row["signals"])
    total = sum(row["signals"] for row in rows)
    told.terminal.print(
        f"{total:,} signals of {len(rows)} sources, {told.month(1):%B %Y} to {told.story.moment:%-d %B %Y}."
    )
    told.terminal.table(
        ["source", "signals", "valid", "quality"],
        [
            [row["source"], f"{row['signals']:,}", show_percent(row["validity"]), show_percent(row["quality"])]
            for row in rows[:8]
        ],
        right=(1, 2, 3),
        note=f"{len(rows) - 8} smaller sources more." if len(rows) > 8 else "",
    )
    return {"signals": total, "sources": document["rows"], "command": told.show_command("sources")}


def tell_trusted(told: Told) -> Found:
    asked: dict[str, Any] = {"where": (("site", "calder"),), "since": told.month(13), "until": told.month(25)}
    reported = told.session.score("csat", **asked).to_document()["rows"][0]
    received = told.session.score("csat", **asked, include_excluded=True).to_document()["rows"][0]
    raw = told.session.score("csat_mean", include_excluded=True).to_document()["rows"][0]
    weighted = told.session.score("csat_mean", include_excluded=True, weighted=True).to_document()["rows"][0]
    told.terminal.table(
        ["Calder's satisfaction, last twelve months", "top-2 %", "95 % interval", "n"],
        [score_line("as Calder reports it", reported), score_line("everything received", received)],
        right=(1, 2, 3),
    )
    told.terminal.print(compare(reported, received))
    told.terminal.print(
        f"Who answers: the raw mean is {show_number(raw['value'], digits=2)} of 5, weighted to all customers "
        f"{show_number(weighted['value'], digits=2)} (effective n {weighted['effective_n']:,.0f} of {weighted['n']:,})."
    )
    days = ("--since", asked["since"], "--until", asked["until"])
    command = told.show_command("score", "csat", "--where", "site=calder", *days, "--include-excluded")
    return {"reported": reported, "received": received, "raw": raw, "weighted": weighted, "command": command}


def compare(reported: dict[str, Any], received: dict[str, Any]) -> str:
    """What leaving answers out does to the score."""
    left_out = sum(reported["excluded"].values())
    if not left_out:
        return "Yes: no answer is left out."
    if not apart(reported, received):
        return f"Yes: {left_out:,} answers are left out, and both scores agree within their intervals."
    moved = reported["value"] - received["value"]
    return (
        f"Not as it stands: {left_out:,} answers are left out ({', '.join(reported['excluded'])}), and the score shown "
        f"is {show_number(abs(moved))} points too {'high' if moved > 0 else 'low'}."
    )


def apart(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return bool(first["low"] > second["high"] or first["high"] < second["low"])


def score_line(name: str, row: dict[str, Any]) -> list[str]:
    return [name, show_number(row["value"]), show_interval(row["low"], row["high"]), f"{row['n']:,}"]


def tell_gap(told: Told) -> Found:
    document = told.session.gap(since=told.month(24), until=told.month(25)).to_document()
    agreements = [row for row in document["rows"] if row["components"]]
    others = [row for row in document["rows"] if not row["components"]]
    for row in agreements:
        show_gap(row, told.terminal)
    told.terminal.table(
        ["ambition", "for", "strive for", "delivered", "95 % interval", "gap"],
        [
            [
                row["label"],
                row["experience"],
                show_number(row["target"]),
                show_number(row["delivered"]),
                show_interval(row["low"], row["high"]),
                show_number(row["gap"]),
            ]
            for row in others
        ],
        title="And the other ambitions, last month",
        right=(2, 3, 4, 5),
    )
    command = told.show_command("gap", "--since", told.month(24), "--until", told.month(25))
    return {"gaps": document["rows"], "command": command}


def tell_moved(told: Told) -> Found:
    before, after = (told.month(17), told.month(20)), (told.month(20), told.month(23))
    document = told.session.explain(
        "csat", before=before, after=after, by=("channel", "product"), include_excluded=True
    ).to_document()
    show_explanation(document, told.terminal, label="Satisfaction after a contact (top-2 %)")
    days = ("--before", f"{before[0]}..{before[1]}", "--after", f"{after[0]}..{after[1]}")
    command = told.show_command("explain", "csat", *days, "--by", "channel,product", "--include-excluded")
    return {"explanation": document, "command": command}


def tell_next(told: Told) -> Found:
    document = told.session.rank(BACKLOG_FILE).to_document()
    show_ranking(document, told.terminal, title="")
    return {"ranking": document, "command": told.show_command("rank", BACKLOG_FILE)}


def tell_needed(told: Told) -> Found:
    from openxmo.office.act.models import Case, PossibleComplaint

    cases = list(Case.objects.filter(due_at__isnull=False).order_by("due_at", "id"))
    late = [case for case in cases if case.due_at and case.due_at < told.story.moment]
    waiting = PossibleComplaint.objects.filter(judged_at__isnull=True).count()
    told.terminal.print(
        f"{len(cases)} cases wait for a first reply, {len(late)} of them past their clock; "
        f"{waiting} comment{'s' if waiting != 1 else ''} may be a complaint that nobody has read as one."
    )
    told.terminal.table(
        ["customer's words", "team", "first reply due"],
        [[case.words[:70], case.team, f"{case.due_at:%-d %B, %H:%M}" if case.due_at else ""] for case in cases[:5]],
        note=f"{len(cases) - 5} cases more." if len(cases) > 5 else "",
    )
    told.terminal.print("  On the page: Act · Who needs us today?")
    return {"open": len(cases), "late": len(late), "possible_complaints": waiting}


def tell_earned(told: Told) -> Found:
    from openxmo.office.prove.models import MoneyClaim

    claims = [claim for claim in MoneyClaim.objects.select_related("initiative") if not claim.is_void]
    signed = [claim for claim in claims if claim.answer and claim.answer.signed]
    for claim in signed:
        told.terminal.print(
            f"{claim.initiative.title}: {claim.currency} {claim.net_likely:,.0f} net in its year "
            f"({claim.net_low:,.0f} to {claim.net_high:,.0f}), signed by finance."
        )
    if not signed:
        told.terminal.print("Nothing yet: money is counted when an effect was proved and finance has signed it.")
    told.terminal.print("  On the page: Prove · What have we earned?")
    rows = [{"initiative": c.initiative.title, "net": [c.net_low, c.net_likely, c.net_high]} for c in signed]
    return {"signed": rows, "currency": signed[0].currency if signed else None}


def tell_own_file(told: Told) -> Found:
    told.terminal.print(
        "  $ xmo init my-office\n"
        "  $ xmo sample                                   # the public data sets we know\n"
        "  $ xmo import answers.ndjson --home my-office   # or a CSV with a mapping file\n"
        "  $ xmo score nps --by channel --every month --home my-office\n"
        "docs/tutorials/from-a-csv-to-why-it-moved.md walks through it."
    )
    return {}


Step = Callable[[Told], Found]
