"""Which page each role sees first. The page is the same that everybody else of that right can open."""

from collections.abc import Iterable

# In this order: whoever holds several roles begins with the page of the first of them.
FRONTS: dict[str, str] = {
    "xmo_lead": "home-stand",
    "executive": "home-worth",
    "agent": "act-cases",
    "team_lead": "act-cases",
    "analyst": "understand-moved",
    "findings_interpretation_lead": "understand-moved",
    "experience_interpretation_lead": "understand-area",
    "survey_architect": "listen:surveys",
    "collection_expert": "listen:imports",
    "validation_expert": "home-trust",
    "receiving_team": "act-asked-of-us",
    "qa_coach": "act-asked-of-us",
    "knowledge_owner": "act-asked-of-us",
    "process_improver": "home-process",
    "service_designer": "home-process",
    "people_leader": "home-team",
    "integrity_reviewer": "home-trust",
    "finance": "prove-ledger",
    "data_protection": "govern-audit",
    "data_engineer": "listen:imports",
    "administrator": "govern-people",
}


def front_of(roles: Iterable[str]) -> str:
    """The route of the first page of somebody with these roles; what is held about them where no role has one."""
    held = set(roles)
    return next((route for role, route in FRONTS.items() if role in held), "govern-mine")


def other_fronts(roles: Iterable[str]) -> list[str]:
    """The routes of their other roles, without the first."""
    held, first = set(roles), front_of(roles)
    return list(dict.fromkeys(route for role, route in FRONTS.items() if role in held and route != first))
