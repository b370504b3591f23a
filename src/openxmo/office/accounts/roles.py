"""Who does what in an Experience Management Office: the roles and their rights. These are all the roles.

The first seven are the office itself, in three missions (measure, interpret, lead); the others
are the people it serves and those who keep it honest. Keys are stable: they stand in office files.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    CHANGE_ROLES = "change_roles"
    REVIEW_INTEGRITY = "review_integrity"
    SIGN_MONEY = "sign_money"
    READ_AUDIT = "read_audit"
    ERASE_PEOPLE = "erase_people"
    KEEP_SYSTEM = "keep_system"


RIGHTS: dict[Right, str | Promise] = {
    Right.READ_SCORES: _("ask for scores, gaps and explanations"),
    Right.READ_ANSWERS: _("open the answers and the words behind a number"),
    Right.IMPORT_SIGNALS: _("import signals and see what an import rejected"),
    Right.WITHDRAW_IMPORTS: _("withdraw a wrong import, with a reason"),
    Right.READ_CASES: _("see the cases of their units and their clocks"),
    Right.WORK_CASES: _("work the cases of their units"),
    Right.KEEP_BACKLOG: _("add, estimate and rank what should be improved"),
    Right.RECOMMEND: _("recommend an action to another team"),
    Right.ANSWER_RECOMMENDATIONS: _("accept, decline or counter what is recommended to their team"),
    Right.RUN_INITIATIVES: _("plan improvements and follow them to their verdict"),
    Right.EXCLUDE_ANSWERS: _("ask for an answer to be left out, which takes a reason and a second person"),
    Right.CHANGE_OFFICE: _("change metrics, ambitions, surveys, standards and rules"),
    Right.CHANGE_ROLES: _("give other people their roles and units, and change the tree of units"),
    Right.REVIEW_INTEGRITY: _("review integrity indications"),
    Right.SIGN_MONEY: _("sign what an improvement was worth"),
    Right.READ_AUDIT: _("read who changed and who looked"),
    Right.ERASE_PEOPLE: _("erase a person on request"),
    Right.KEEP_SYSTEM: _("keep users, keys, backups and upgrades"),
}


@dataclass(frozen=True)
class Role:
    """`mission` is 1, 2 or 3 for the seven roles of the office, None for all others.

    A holder of an `office_wide` role without units sees every unit; of any other role, none.
    """

    key: str
    named: str | Promise
    told: str | Promise
    rights: frozenset[Right]
    mission: int | None = None
    office_wide: bool = False

    @property
    def label(self) -> str:
        return str(self.named)

    @property
    def description(self) -> str:
        return str(self.told)


READ = (Right.READ_SCORES,)
LOOK = (Right.READ_SCORES, Right.READ_ANSWERS)


def _role(
    key: str,
    label: str | Promise,
    description: str | Promise,
    rights: Iterable[Right],
    *,
    mission: int | None = None,
    wide: bool = False,
) -> Role:
    return Role(key, label, description, frozenset(rights), mission, wide)


_ALL = (
    _role(
        "survey_architect",
        _("survey architect"),
        _("Builds surveys to good practice: what is asked, of whom, on which scale."),
        (*LOOK, Right.CHANGE_OFFICE),
        mission=1,
        wide=True,
    ),
    _role(
        "collection_expert",
        _("collection expert"),
        _("Runs the collection: surveys, and the operational and technical data of other tools."),
        (*LOOK, Right.IMPORT_SIGNALS, Right.WITHDRAW_IMPORTS, Right.EXCLUDE_ANSWERS),
        mission=1,
        wide=True,
    ),
    _role(
        "validation_expert",
        _("validation expert"),
        _("Says whether results can be trusted: reliability, who is silent, drift. The second person of exclusions."),
        (*LOOK, Right.EXCLUDE_ANSWERS, Right.READ_AUDIT),
        mission=1,
        wide=True,
    ),
    _role(
        "analyst",
        _("analyst"),
        _("Finds out why a score moved, with evidence and its limits."),
        (*LOOK, Right.READ_CASES, Right.KEEP_BACKLOG),
        mission=2,
        wide=True,
    ),
    _role(
        "findings_interpretation_lead",
        _("findings interpretation lead"),
        _("Owns the findings: what people feel, and why, with the other explanations."),
        (*LOOK, Right.READ_CASES, Right.KEEP_BACKLOG, Right.RECOMMEND),
        mission=2,
        wide=True,
    ),
    _role(
        "experience_interpretation_lead",
        _("experience interpretation lead"),
        _("Says what experience the findings amount to, for each device, service or place."),
        (*LOOK, Right.KEEP_BACKLOG, Right.RECOMMEND),
        mission=2,
        wide=True,
    ),
    _role(
        "xmo_lead",
        _("XMO lead"),
        _("Leads the office: sees the gap between ambition and delivery, and recommends to other teams."),
        (
            *LOOK,
            Right.CHANGE_OFFICE,
            Right.CHANGE_ROLES,
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
        _("agent"),
        _("Serves customers: today's cases, and their own results."),
        (Right.READ_SCORES, Right.READ_CASES, Right.WORK_CASES),
    ),
    _role(
        "team_lead",
        _("team lead"),
        _("Leads a team that serves: its cases, its results, and each member's where the office allows it."),
        (*LOOK, Right.READ_CASES, Right.WORK_CASES, Right.ANSWER_RECOMMENDATIONS),
    ),
    _role(
        "receiving_team",
        _("receiving team"),
        _("Is asked to act: accepts, declines with a reason, or counters."),
        (*READ, Right.ANSWER_RECOMMENDATIONS, Right.RUN_INITIATIVES),
    ),
    _role(
        "qa_coach",
        _("QA and coach"),
        _("Judges contacts and coaches; sees whether it helped."),
        (*LOOK, Right.READ_CASES, Right.ANSWER_RECOMMENDATIONS),
    ),
    _role(
        "knowledge_owner",
        _("knowledge owner"),
        _("Owns the articles that customers and agents search."),
        (*LOOK, Right.ANSWER_RECOMMENDATIONS),
    ),
    _role(
        "process_improver",
        _("process improver"),
        _("Improves processes: waits, defects, rework behind the customer's steps."),
        (*READ, Right.KEEP_BACKLOG, Right.RUN_INITIATIVES),
        wide=True,
    ),
    _role(
        "service_designer",
        _("service designer"),
        _("Designs journeys; its maps carry live scores."),
        (*LOOK, Right.KEEP_BACKLOG, Right.RUN_INITIATIVES),
        wide=True,
    ),
    _role(
        "integrity_reviewer",
        _("integrity reviewer"),
        _("Reviews indications of gaming, outside the line of those concerned, and hears them first."),
        (*LOOK, Right.REVIEW_INTEGRITY, Right.READ_AUDIT),
        wide=True,
    ),
    _role("finance", _("finance"), _("Signs what an improvement was worth."), (*READ, Right.SIGN_MONEY), wide=True),
    _role(
        "people_leader",
        _("people leader"),
        _("Leads people: own team's pulse, above the minimum group."),
        (*READ, Right.ANSWER_RECOMMENDATIONS),
    ),
    _role(
        "data_protection",
        _("employee representative and data protection"),
        _("Speaks for employees and for data protection: purposes, fields, who looked at whom. Sees no answers."),
        (Right.READ_AUDIT, Right.ERASE_PEOPLE),
        wide=True,
    ),
    _role(
        "data_engineer",
        _("data engineer"),
        _("Connects sources and keeps imports running."),
        (*READ, Right.IMPORT_SIGNALS, Right.WITHDRAW_IMPORTS),
        wide=True,
    ),
    _role(
        "executive",
        _("executive"),
        _("Sees what experience is worth, what was proved and what is next."),
        READ,
        wide=True,
    ),
    _role(
        "administrator",
        _("administrator"),
        _("Keeps the system running. Sees no answers and no scores."),
        (Right.KEEP_SYSTEM, Right.CHANGE_ROLES),
        wide=True,
    ),
)

ROLES: dict[str, Role] = {role.key: role for role in _ALL}
MISSIONS: dict[int, tuple[str, ...]] = {
    mission: tuple(role.key for role in _ALL if role.mission == mission) for mission in (1, 2, 3)
}


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """All that the holder of these roles may do; an unknown role gives nothing."""
    return frozenset(right for role in roles if role in ROLES for right in ROLES[role].rights)
