"""Did it work? Four initiatives of the story, one for each verdict."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from openxmo.cli.commands.prove import verdict_of
from openxmo.cli.numbers import show_change, show_interval
from openxmo.cli.story.steps import Found, Told

PLANNED = timedelta(days=91)  # what the plan of the staged firmware gives it before a verdict


@dataclass(frozen=True)
class Initiative:
    title: str
    asked: dict[str, Any]


def initiatives(told: Told) -> tuple[Initiative, ...]:
    """Each as its plan was fixed before the start: metric, who is treated, from when, what was promised."""
    month = told.month
    rolled_out = told.story.moment - timedelta(days=35)
    return (
        Initiative(
            "Activation check in 18 of 36 districts, drawn by lot",
            {
                "metric": "activation_fcr7",
                "by": "check",
                "treated": ["yes"],
                "cluster": "district",
                "change": month(12),
                "until": month(25),
                "expected": 5.0,
            },
        ),
        Initiative(
            "Scripts for the twelve agents who did worst",
            {
                "metric": "fcr7",
                "by": "scripts",
                "treated": ["given"],
                "comparison": ["next_worst"],
                "change": month(7),
                "since": month(4),
                "until": month(10),
                "expected": 4.0,
            },
        ),
        Initiative(
            "Handle-time cap at Brenwick",
            {
                "metric": "fcr7",
                "by": "site",
                "treated": ["brenwick"],
                "change": month(18),
                "since": month(12),
                "until": month(20),
            },
        ),
        Initiative(
            "Staged firmware 3.3",
            {
                "metric": "dropouts",
                "by": "firmware",
                "treated": ["3.3"],
                "change": rolled_out,
                "every": "week",
                "ready": rolled_out + PLANNED,
            },
        ),
    )


def tell_proved(told: Told) -> Found:
    found = []
    for initiative in initiatives(told):
        asked = dict(initiative.asked)
        document = told.session.prove(asked.pop("metric"), **asked).to_document()
        found.append({"initiative": initiative.title, **document})
        show_initiative(initiative.title, document, told)
    told.show_command(
        f"xmo prove activation_fcr7 --by check --treated yes --change {told.month(12)} --cluster district"
    )
    return {"proofs": found}


def show_initiative(title: str, document: dict[str, Any], told: Told) -> None:
    told.terminal.print(title)
    effect = document["effect"]
    if effect:
        told.terminal.print(
            f"  {document['outcome']}: {show_change(effect['value'])} {document['unit']} against those without "
            f"(95 % {show_interval(effect['low'], effect['high'])})"
        )
    told.terminal.print(verdict_of(document))
