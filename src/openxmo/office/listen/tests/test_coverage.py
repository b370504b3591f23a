"""Where people are heard, and where nobody is."""

import json
from collections.abc import Callable

from django.test import Client

from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.store.home import Home
from openxmo.office.lib.clock import now
from openxmo.office.listen.tests.drawing import stored


def test_answers_stand_by_stage_and_channel_within_the_units_of_who_looks(
    sign_in: Callable[[str], Client], home: Home
) -> None:
    rows = [
        {
            **{"id": f"{unit}{n}", "source": "web", "happened_at": now().isoformat(), "kind": "X", "name": "csat"},
            **{"value": 4, "scale": "1..5", "subject": f"c{n}", "subject_kind": "customer", "unit": unit},
            **{"stage": "onboarding", "channel": "chat"},
        }
        for unit, count in (("north", 3), ("south", 5))
        for n in range(count)
    ]
    put_batch(home, [json.dumps(row).encode() + b"\n" for row in rows], source=None, by="t", at=now())
    stored(home)
    assert "8 times somebody told us something" in sign_in("Ada").get("/listen/?period=all").content.decode()
    assert "5 times somebody told us something" in sign_in("Carl").get("/listen/?period=all").content.decode()
    assert "3 times somebody told us something" in sign_in("Tom").get("/listen/?period=all").content.decode()


def test_few_employees_are_not_shown(sign_in: Callable[[str], Client], home: Home) -> None:
    row = {"id": "1", "source": "w", "happened_at": now().isoformat(), "kind": "X", "name": "noticed", "text": "x"}
    row |= {"subject": "e1", "subject_kind": "employee", "stage": "support", "channel": "app"}
    put_batch(home, [json.dumps(row).encode() + b"\n"], source=None, by="t", at=now())
    stored(home)
    assert "Nobody is heard yet" in sign_in("Ada").get("/listen/?period=all").content.decode()
