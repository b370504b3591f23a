"""The backlog of the sample organisation: 14 items and what speaks for each."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from openxmo.core.signals.store.home import Home
from openxmo.core.world.files import BACKLOG_FILE

if TYPE_CHECKING:
    from openxmo.office.decide.models import Item

AUTHOR = "samir.dahl"
LIGHTS = "hub3-lights-article"
# What speaks for an item: (thing, how often, in words, how many days ago it was last heard).
EVIDENCE: dict[str, tuple[tuple[str, int, str, int], ...]] = {
    "activation-check-18": (("metric:activation_fcr7", 1, "Drawn by lot in 18 of 36 districts", 20),),
    LIGHTS: (("metric:empty_searches", 640, "Searches a month that find nothing", 5),),
    "firmware-staged": (("metric:dropouts", 1, "4.6 drop-outs a week with firmware 3.2, 0.8 without", 15),),
    "chatbot": (("metric:csat", 1, "Chat serves twice the share of contacts it did", 150),),
    "installers-north": (("metric:partner_hours", 4, "Four firms answer in 31 hours, others in 6", 12),),
    "calder-bonus": (("metric:csat", 1, "Seven in ten of the low scores are left out at Calder", 9),),
    "start-of-shift": (("metric:login_time", 1, "5.40 of the gap is log-in time, 6.25 tickets", 25),),
    "call-ahead": (("metric:csat_visit", 1, "84 on the Coast, 71 elsewhere", 40),),
    "own-the-next-step": (("metric:qa_fix", 2, "Two of ten QA items know who comes back", 33),),
}


def fill_backlog(home: Home, *, moment: datetime) -> "dict[str, Item]":
    """The items by their keys; what is there already stays."""
    from openxmo.office.decide.actions import add_evidence
    from openxmo.office.decide.importing import import_items
    from openxmo.office.decide.models import Item
    from openxmo.office.govern.queries import read_office

    import_items(BACKLOG_FILE, office=read_office(home), by=AUTHOR, at=moment - timedelta(days=45))
    items = {item.key: item for item in Item.objects.exclude(key="")}
    for key, things in EVIDENCE.items():
        for thing, count, note, days in things:
            heard = moment - timedelta(days=days)
            add_evidence(item=items[key], thing=thing, count=count, note=note, by=AUTHOR, at=heard, heard_at=heard)
    let_a_notice_speak(home, items[LIGHTS])
    return items


def let_a_notice_speak(home: Home, item: "Item") -> None:
    """One agent wrote down what half of the chats are about, and allowed it to be read."""
    from openxmo.core.signals.engines import open_duckdb
    from openxmo.core.signals.reading import read_signals
    from openxmo.core.signals.store.lake import Lake
    from openxmo.office.decide.noticed import speak_for
    from openxmo.office.listen.actions.noticing import SOURCE
    from openxmo.office.listen.models import Notice

    engine = open_duckdb(Lake.open(home))
    engine.refresh()
    signals = read_signals(engine)
    told = ("id", "text", "about", "unit", "subject", "happened_at")
    for row in engine.fetch(signals.filter(signals.source == SOURCE).select(*told)).to_pylist():
        fields = {name: row[name] or "" for name in ("text", "about", "unit", "subject")}
        notice, _ = Notice.objects.get_or_create(
            signal=row["id"], defaults={**fields, "noticed_at": row["happened_at"]}
        )
        speak_for(notice=notice, item=item, by=AUTHOR, at=row["happened_at"])
