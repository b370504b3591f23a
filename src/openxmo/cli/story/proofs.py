"""Did it work? Four initiatives of the story, one for each verdict."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from openxmo.cli.commands.prove import verdict_of
from openxmo.cli.numbers import show_change, show_interval
from openxmo.cli.story.steps import Found, Told
from openxmo.core.world.cast import DISTRICTS
from openxmo.core.world.telemetry import STAGED_DAYS, STAGED_DISTRICTS

PLANNED = timedelta(days=91)  # what the plan of the staged firmware gives it before a verdict
PILOTS = DISTRICTS[1 : 2 * STAGED_DISTRICTS : 2]  # where the staged firmware came first


@dataclass(frozen=True)
class Initiative:
    """`asked` are the words of `xmo prove`; `alone` of them ask the same without those it did not reach."""

    title: str
    metric: str
    asked: dict[str, Any]
    alone: dict[str, Any] = field(default_factory=dict)


def initiatives(told: Told) -> tuple[Initiative, ...]:
    """Each as its plan was fixed before the start: metric, who is treated, from when, what was promised."""
    month = told.month
    rolled_out = (told.story.moment - timedelta(days=STAGED_DAYS)).date()
    return (
        Initiative(
            "Activation check in 18 of 36 districts, drawn by lot",
            "activation_fcr7",
            {
                "by": "check",
                "treated": ["yes"],
                "cluster": "district",
                "change": month(12),
                "until": month(25),
                "expected": 5.0,
            },
        ),
        # Who is picked for a bad quarter does better in the next one anyway: those nearly as bad show by how much.
        Initiative(
            "Scripts for the twelve agents who did worst",
            "fcr7",
            {
                "by": "scripts",
                "treated": ["given"],
                "comparison": ["next_worst"],
                "change": month(7),
                "until": month(25),
                "expected": 5.0,
            },
            alone={"since": month(4), "until": month(10), "comparison": []},
        ),
        Initiative(
            "Handle-time cap at Brenwick",
            "fcr7",
            {
                "by": "site",
                "treated": ["brenwick"],
                "change": month(18),
                "since": month(12),
                "until": month(20),
            },
        ),
        Initiative(
            "Staged firmware 3.3, in four districts first",
            "dropouts",
            {
                "by": "district",
                "treated": list(PILOTS),
                "where": [("stage", "onboarding")],
                "change": rolled_out,
                "every": "week",
                "ready": rolled_out + PLANNED,
            },
        ),
    )


def tell_proved(told: Told) -> Found:
    found = []
    for initiative in initiatives(told):
        document = told.session.prove(initiative.metric, **initiative.asked).to_document()
        alone = None
        if initiative.alone:
            asked = initiative.asked | initiative.alone
            del asked["expected"]
            alone = told.session.prove(initiative.metric, **asked).to_document()
        show_initiative(initiative.title, document, alone, told)
        command = told.show_command("prove", initiative.metric, *to_words(initiative.asked))
        found.append({"initiative": initiative.title, **document, "alone": alone, "command": command})
    return {"proofs": found}


def show_initiative(title: str, document: dict[str, Any], alone: dict[str, Any] | None, told: Told) -> None:
    told.terminal.print(f"\n{title}")
    effect, unit = document["effect"], document["effect_unit"]
    if alone:
        told.terminal.print(
            f"  before and after alone: {show_change(alone['moved']['change'])} {unit}, {alone['moved']['label']}"
        )
    if effect:
        told.terminal.print(
            f"  {document['outcome']}: {show_change(effect['value'])} {unit} against those without "
            f"(95 % {show_interval(effect['low'], effect['high'])})"
        )
    told.terminal.print(verdict_of(document))


def to_words(asked: dict[str, Any]) -> list[str]:
    """The same as options of the command."""
    words = []
    for name, value in asked.items():
        if name == "where":
            words += [word for key, wanted in value for word in ("--where", f"{key}={wanted}")]
        else:
            shown = value.isoformat() if hasattr(value, "isoformat") else value
            words += [f"--{name}", ",".join(shown) if isinstance(shown, list) else str(shown)]
    return words
