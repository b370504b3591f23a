"""Several threads on one database file, in a process of its own: `python -m ….at_once HOME` prints what each said."""

import json
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from openxmo.core.signals.store.home import Home
from openxmo.office.lib.database import make_database
from openxmo.office.lib.framework import set_up

ROUNDS = 5


def together(deeds: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each of these says when all begin at the same moment."""
    from django.db import connections

    deeds = list(deeds)
    said: list[Any] = [None] * len(deeds)
    start = threading.Barrier(len(deeds))

    def run(place: int) -> None:
        try:
            start.wait()
            said[place] = deeds[place]()
        except Exception as error:
            said[place] = getattr(error, "what", repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def main(folder: Path) -> dict[str, Any]:
    set_up(folder)
    make_database(folder)
    from openxmo.office.act import actions
    from openxmo.office.act.models import Case, EscalationEvent, Firing
    from openxmo.office.act.opening import open_cases
    from openxmo.office.act.tests.told import MONDAY, answer, hear

    home = Home.at(folder)
    for number in range(ROUNDS):
        hear(home, *answer(f"r{number}"))
    opened = together([lambda: len(open_cases(home, at=MONDAY))] * 3)
    taken = []
    for case in Case.objects.order_by("response"):

        def take(name: str, case: Case = case) -> str:
            actions.take_case(case=case, by=name, at=MONDAY)
            return f"{name} has it"

        taken.append(together([lambda: take("Amy"), lambda: take("Ben")]))
    rows = {model.__name__: model._default_manager.count() for model in (Case, Firing, EscalationEvent)}
    holders = list(Case.objects.order_by("response").values_list("taken_by", flat=True))
    return {"opened": opened, "taken": taken, "holders": holders, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))  # noqa: T201
