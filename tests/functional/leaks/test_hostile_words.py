"""Words that would be code elsewhere: markup on pages, formulas in files, headers in letters."""

import csv
import io
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction

from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.store.home import Home
from openxmo.office.act import recommending
from openxmo.office.decide.actions import propose_item
from openxmo.office.govern.actions import put
from openxmo.office.govern.organisation import Unit
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.understand.tests.heard import hear, row
from tests.functional.leaks.told import (
    EVIL,
    LAST,
    Clients,
    case_of,
    text_of,
)

pytestmark = pytest.mark.usefixtures("db", "heard")


def test_html_in_words_labels_and_units_is_shown_and_never_run(heard: Home, everybody: Clients) -> None:
    at = now()
    put(
        heard,
        Metric(key="evil", label=EVIL, signal="csat", score=Score(kind="mean"), unit=EVIL),
        Unit(key="evil", label=f"</script>{EVIL}", parent="north"),
        by="operator",
        at=at,
    )
    case = case_of(heard, "evil", words=EVIL, product=EVIL, reason=EVIL)
    item = propose_item(title=EVIL, description=EVIL, unit="north", evidence=[(case.name, 1)], by="Lea", at=at)
    made = recommending.recommend(
        read_office(heard),
        item=item.name,
        asked=EVIL,
        why=EVIL,
        strength="fair",
        unit="north",
        lever="knowledge",
        may_be_wrong=EVIL,
        by="Lea",
        at=at,
    )
    pages = [
        "/act/cases/",
        f"/act/cases/{case.pk}/",
        "/decide/",
        f"/decide/items/{item.pk}/",
        f"/act/recommendations/{made.pk}/",
        "/act/asked-of-us/",
        "/understand/measures/",
        "/understand/measures/evil/",
        "/understand/explore/?metric=evil&by=product&period=all",
        "/understand/signals/?metric=evil&period=all",
        f"/search/?q={EVIL}",
        "/govern/office/metric/evil/",
        "/govern/units/",
        f"/understand/explore/?metric=csat&where.channel={EVIL}&period=all",
        f"/understand/area/?dimension=product&value={EVIL}",
        f"/listen/surveys/asked/?subject={EVIL}",
        f"/understand/explore/?metric={EVIL}",
        f"/?unit={EVIL}",
        f"/decide/?sort={EVIL}",
        f"/understand/people/{EVIL}/",
    ]
    for name in ("Lea", "Tom"):
        for address in pages:
            answer = everybody[name].get(address, follow=True)
            assert answer.status_code < 500, address
            assert "<img src=x" not in text_of(answer), address
            policy = answer["Content-Security-Policy"]
            assert "default-src 'self'" in policy, address
            assert "unsafe" not in policy, address


def test_no_cell_of_a_file_is_a_formula(heard: Home, everybody: Clients) -> None:
    hear(
        heard,
        *(
            row(5000 + number, LAST, channel=f'{sign}HYPERLINK("http://evil")', text=f"{sign}1+1")
            for number, sign in enumerate("=+-@")
        ),
    )
    for address in (
        f"/understand/explore/?metric=csat&by=channel&period={LAST}&as=csv",
        f"/understand/signals/?metric=csat&period={LAST}&as=csv",
        "/govern/audit/?as=csv",
        "/prove/ledger.csv",
    ):
        lines = list(csv.reader(io.StringIO(text_of(everybody["Lea"].get(address)))))
        assert lines, address
        starts = {cell[:1] for line in lines for cell in line if not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)}
        assert starts.isdisjoint("=+-@\t\r"), address


def test_no_letter_carries_a_header_of_somebody_else(heard: Home, everybody: Clients) -> None:
    user = get_user_model().objects.get(username="Rita")
    user.email = "rita@example.org"
    user.save()
    said: dict[str, Any] = {
        "asked": "Do it\r\nBcc: evil@example.org",
        "why": "x",
        "strength": "fair",
        "unit": "north",
        "lever": "knowledge",
        "may_be_wrong": "x",
    }
    everybody["Lea"].post("/act/recommendations/new/", said)
    with transaction.atomic():
        recommending.recommend(read_office(heard), item="", **said, by="Lea", at=now())
    for letter in mail.outbox:
        assert "\n" not in letter.subject
        assert "evil@example.org" not in str(letter.recipients())
        assert letter.message()["Bcc"] is None
