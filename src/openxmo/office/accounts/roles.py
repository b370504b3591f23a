"""Who does what in an Experience Management Office: the roles and their rights. These are all the roles.

The first seven are the office itself, in three missions (measure, interpret, lead); the others
are the people it serves and those who keep it honest. Keys are stable: they stand in office files.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a role may do, within the units of the person who holds it."""

    READ_SCORES = "read_scores"
    READ_ANSWERS = "read_answers"
    IMPORT_SIGNALS = "import_signals"
    WITHDRAW_IMPORTS = "withdraw_imports"
    READ_CASES = "read_cases"
    WORK_CASES = "work_cases"
    KEEP_BACKLOG = "keep_backlog"
    RECOMMEND = "recommend"
    ANSWER_RECOMMENDATIONS = "answer_recommendations"
    RUN_INITIATIVES = "run_initiatives"
    EXCLUDE_ANSWERS = "exclude_answers"
    CHANGE_OFFICE = "change_office"
    REVIEW_INTEGRITY = "review_integrity"
    SIGN_MONEY = "sign_money"
    READ_AUDIT = "read_audit"
    ERASE_PEOPLE = "erase_people"
    KEEP_SYSTEM = "keep_system"


RIGHTS: dict[Right, str] = {
    Right.READ_SCORES: "ask for scores, gaps and explanations",
    Right.READ_ANSWERS: "open the answers and the words behind a number",
    Right.IMPORT_SIGNALS: "import signals and see what an import rejected",
    Right.WITHDRAW_IMPORTS: "withdraw a wrong import, with a reason",
    Right.READ_CASES: "see the cases of their units and their clocks",
    Right.WORK_CASES: "work the cases of their units",
    Right.KEEP_BACKLOG: "add, estimate and rank what should be improved",
    Right.RECOMMEND: "recommend an action to another team",
    Right.ANSWER_RECOMMENDATIONS: "accept, decline or counter what is recommended to their team",
    Right.RUN_INITIATIVES: "plan improvements and follow them to their verdict",
    Right.EXCLUDE_ANSWERS: "ask for an answer to be left out, which takes a reason and a second person",
    Right.CHANGE_OFFICE: "change metrics, ambitions, surveys, standards and rules",
    Right.REVIEW_INTEGRITY: "review integrity indications",
    Right.SIGN_MONEY: "sign what an improvement was worth",
    Right.READ_AUDIT: "read who changed and who looked",
    Right.ERASE_PEOPLE: "erase a person on request",
    Right.KEEP_SYSTEM: "keep users, keys, backups and upgrades",
}


@dataclass(frozen=True)
class Role:
    """`mission` is 1, 2 or 3 for the seven roles of the office, None for all others.

    A holder of an `office_wide` role without units sees every unit; of any other role, none.
    """

    key: str
    label: str
    description: str
    rights: frozenset[Right]
    mission: int | None = None
    office_wide: bool = False


READ = (Right.READ_SCORES,)
LOOK = (Right.READ_SCORES, Right.READ_ANSWERS)


def _role(
    key: str,
    description: str,
    rights: Iterable[Right],
    *,
    label: str = "",
    mission: int | None = None,
    wide: bool = False,
) -> Role:
    return Role(key, label or key.replace("_", " "), description, frozenset(rights), mission, wide)


_ALL = (
    _role(
        "survey_architect",
        "Builds surveys to good practice: what is asked, of whom, on which scale.",
        (*LOOK, Right.CHANGE_OFFICE),
        mission=1,
        wide=True,
    ),
    _role(
        "collection_expert",
        "Runs the collection: surveys, and the operational and technical data of other tools.",
        (*LOOK, Right.IMPORT_SIGNALS, Right.WITHDRAW_IMPORTS, Right.EXCLUDE_ANSWERS),
        mission=1,
        wide=True,
    ),
    _role(
        "validation_expert",
        "Says whether results can be trusted: reliability, who is silent, drift. The second person of exclusions.",
        (*LOOK, Right.EXCLUDE_ANSWERS, Right.READ_AUDIT),
        mission=1,
        wide=True,
    ),
    _role(
        "analyst",
        "Finds out why a score moved, with evidence and its limits.",
        (*LOOK, Right.READ_CASES, Right.KEEP_BACKLOG),
        mission=2,
        wide=True,
    ),
    _role(
        "findings_interpretation_lead",
        "Owns the findings: what people feel, and why, with the other explanations.",
        (*LOOK, Right.READ_CASES, Right.KEEP_BACKLOG, Right.RECOMMEND),
        mission=2,
        wide=True,
    ),
    _role(
        "experience_interpretation_lead",
        "Says what experience the findings amount to, for each device, service or place.",
        (*LOOK, Right.KEEP_BACKLOG, Right.RECOMMEND),
        mission=2,
        wide=True,
    ),
    _role(
        "xmo_lead",
        "Leads the office: sees the gap between ambition and delivery, and recommends to other teams.",
        (
            *LOOK,
            Right.CHANGE_OFFICE,
            Right.IMPORT_SIGNALS,
            Right.WITHDRAW_IMPORTS,
            Right.EXCLUDE_ANSWERS,
            Right.READ_AUDIT,
            Right.READ_CASES,
            Right.KEEP_BACKLOG,
            Right.RECOMMEND,
            Right.RUN_INITIATIVES,
        ),
        mission=3,
        wide=True,
    ),
    _role(
        "agent",
        "Serves customers: today's cases, and their own results.",
        (Right.READ_SCORES, Right.READ_CASES, Right.WORK_CASES),
    ),
    _role(
        "team_lead",
        "Leads a team that serves: its cases, its results, and each member's where the office allows it.",
        (*LOOK, Right.READ_CASES, Right.WORK_CASES, Right.ANSWER_RECOMMENDATIONS),
    ),
    _role(
        "receiving_team",
        "Is asked to act: accepts, declines with a reason, or counters.",
        (*READ, Right.ANSWER_RECOMMENDATIONS, Right.RUN_INITIATIVES),
    ),
    _role(
        "qa_coach",
        "Judges contacts and coaches; sees whether it helped.",
        (*LOOK, Right.READ_CASES, Right.ANSWER_RECOMMENDATIONS),
        label="QA and coach",
    ),
    _role(
        "knowledge_owner",
        "Owns the articles that customers and agents search.",
        (*LOOK, Right.ANSWER_RECOMMENDATIONS),
    ),
    _role(
        "process_improver",
        "Improves processes: waits, defects, rework behind the customer's steps.",
        (*READ, Right.KEEP_BACKLOG, Right.RUN_INITIATIVES),
        wide=True,
    ),
    _role(
        "service_designer",
        "Designs journeys; its maps carry live scores.",
        (*LOOK, Right.KEEP_BACKLOG, Right.RUN_INITIATIVES),
        wide=True,
    ),
    _role(
        "integrity_reviewer",
        "Reviews indications of gaming, outside the line of those concerned, and hears them first.",
        (*LOOK, Right.REVIEW_INTEGRITY, Right.READ_AUDIT),
        wide=True,
    ),
    _role("finance", "Signs what an improvement was worth.", (*READ, Right.SIGN_MONEY), wide=True),
    _role(
        "people_leader",
        "Leads people: own team's pulse, above the minimum group.",
        (*READ, Right.ANSWER_RECOMMENDATIONS),
    ),
    _role(
        "data_protection",
        "Speaks for employees and for data protection: purposes, fields, who looked at whom. Sees no answers.",
        (Right.READ_AUDIT, Right.ERASE_PEOPLE),
        label="employee representative and data protection",
        wide=True,
    ),
    _role(
        "data_engineer",
        "Connects sources and keeps imports running.",
        (*READ, Right.IMPORT_SIGNALS, Right.WITHDRAW_IMPORTS),
        wide=True,
    ),
    _role("executive", "Sees what experience is worth, what was proved and what is next.", READ, wide=True),
    _role("administrator", "Keeps the system running. Sees no answers and no scores.", (Right.KEEP_SYSTEM,), wide=True),
)

ROLES: dict[str, Role] = {role.key: role for role in _ALL}
MISSIONS: dict[int, tuple[str, ...]] = {
    mission: tuple(role.key for role in _ALL if role.mission == mission) for mission in (1, 2, 3)
}


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """All that the holder of these roles may do; an unknown role gives nothing."""
    return frozenset(right for role in roles if role in ROLES for right in ROLES[role].rights)
