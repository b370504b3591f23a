"""Customers' signals cut by who served: for the agent and the direct lead only, never a ranking, every look logged."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.metric import Condition
from openxmo.core.release.looks import Look
from openxmo.core.release.rules import Rules
from openxmo.core.release.viewer import Viewer

NOT_RECORDED = (
    "Customers' signals are not cut by agent: the office has recorded no purpose, legal basis and consultation."
)


def agent_of(disclosure: Disclosure, rules: Rules) -> str | None:
    """The agent that a cell is about; "" where it is about several. None where it is about no agent."""
    told: list[Condition | None] = [value for name, value in disclosure.by.items() if name in rules.agent_cuts]
    told += [value for name, value in disclosure.narrowed_by if name in rules.agent_cuts]
    told += conditions_on_agents(disclosure, rules)
    named = {str(value).removeprefix("agent:") for value in told if value is not None and is_agent(str(value))}
    if not named:
        return None
    return named.pop() if len(named) == 1 else ""


def conditions_on_agents(disclosure: Disclosure, rules: Rules) -> list[Condition]:
    """The agents that the metric's own definition selects."""
    where = disclosure.definition.where if disclosure.definition else {}
    found: list[Condition] = []
    for name, value in where.items():
        if name in rules.agent_cuts:
            found += value if isinstance(value, tuple) else [value]
    return found


def is_agent(value: str) -> bool:
    """`about` may name an article or a competitor; an agent's key stands alone or as `agent:key`."""
    kind, colon, _ = value.partition(":")
    return not colon or kind == "agent"


def check_agents(
    disclosures: Sequence[Disclosure],
    records: Callable[[], Sequence[Mapping[str, Any]]],
    viewer: Viewer,
    rules: Rules,
) -> tuple[dict[int, str], dict[str, set[str]]]:
    """The places of cells to withhold, and the agents whose numbers are then shown, each with the metrics.

    Raises NotAllowed where the office has not opened this cut, where nothing would be left to see,
    and where the rows stand in another order than that of their keys.
    """
    agents = {place: agent for place, cell in enumerate(disclosures) if (agent := agent_of(cell, rules)) is not None}
    if not agents:
        return {}, {}
    if rules.agents is None:
        raise NotAllowed(NOT_RECORDED, mend="Record all three in the office first.")
    check_order([disclosures[place] for place in agents], rules)
    if any(name == "rank" or name.endswith("_rank") for record in records() for name in record):
        raise NotAllowed("Numbers about agents are never ranked.")
    mine = {place for place, agent in agents.items() if is_near(agent, disclosures[place], viewer, rules)}
    if not mine:
        raise NotAllowed(
            f"Numbers about an agent are seen by that agent and the direct lead, and {viewer.name} is neither."
        )
    shown = {place for place in mine if disclosures[place].n >= rules.agent_answers}
    looked: dict[str, set[str]] = {}
    for place in shown:
        looked.setdefault(agents[place], set()).add(disclosures[place].metric)
    return {place: "privacy" for place in agents if place not in shown}, looked


def is_near(agent: str, disclosure: Disclosure, viewer: Viewer, rules: Rules) -> bool:
    team = disclosure.by.get("team") or rules.teams.get(agent)
    return agent != "" and (agent == viewer.agent or team in viewer.leads)


def check_order(cells: Sequence[Disclosure], rules: Rules) -> None:
    """Within the same period and other cuts, agents stand in the order of their keys."""
    last: dict[object, str] = {}
    for cell in cells:
        others = tuple((name, value) for name, value in cell.by.items() if name not in rules.agent_cuts)
        key = "|".join(str(value) for name, value in cell.by.items() if name in rules.agent_cuts)
        if key < last.get((cell.start, others), ""):
            raise NotAllowed("Numbers about agents are never ranked.", mend="Show the rows in the order of their keys.")
        last[cell.start, others] = key


def log_looks(looked: Mapping[str, set[str]], viewer: Viewer, at: datetime, log: Callable[[Look], None] | None) -> None:
    if looked and log is None:
        raise NotAllowed("Numbers about agents are shown only where every look is logged, and here none would be.")
    for agent, metrics in sorted(looked.items()):
        for metric in sorted(metrics):
            if log is not None:
                log(Look(at, viewer.name, viewer.roles, agent, metric))
