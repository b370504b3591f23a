"""What can be done to an initiative; each takes who does it (`by`) and when (`at`)."""

from openxmo.office.prove.actions.judging import judge, look
from openxmo.office.prove.actions.money import claim_money, refuse_money, sign_money, worth_from
from openxmo.office.prove.actions.planning import approve, plan_initiative, rewrite_plan
from openxmo.office.prove.actions.running import (
    add_affected,
    add_milestone,
    clear_blocker,
    end,
    note_adopting,
    note_told,
    note_trained,
    open_blocker,
    reach_milestone,
    start,
    stop,
)

__all__ = [
    "add_affected",
    "add_milestone",
    "approve",
    "claim_money",
    "clear_blocker",
    "end",
    "judge",
    "look",
    "note_adopting",
    "note_told",
    "note_trained",
    "open_blocker",
    "plan_initiative",
    "reach_milestone",
    "refuse_money",
    "rewrite_plan",
    "sign_money",
    "start",
    "stop",
    "worth_from",
]
