"""Addresses, file names and fields that nobody should send."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openxmo.core.signals.store.home import Home
from openxmo.office.act.models import Case, Recommendation
from openxmo.office.decide.models import Item
from openxmo.office.listen.actions.uploads import folder_of
from openxmo.office.listen.models import FileImport
from tests.functional.leaks.told import EVIL, Clients, case_of, text_of

pytestmark = pytest.mark.usefixtures("db", "heard")


@pytest.mark.parametrize(
    "name",
    [
        "../../../evil.csv",
        "..\\..\\evil.csv",
        "/etc/passwd",
        f"{EVIL}.csv",
        "a" * 300 + ".csv",
        "\u202egpj.csv",
        "nul\x00.csv",
        "CON",
    ],
)
def test_a_file_with_a_hostile_name_stays_in_its_folder(heard: Home, everybody: Clients, name: str) -> None:
    cole = everybody["Cole"]
    before = {path for path in heard.path.parent.rglob("*") if "evil" in path.name or "passwd" in path.name}
    answer = cole.post("/listen/files/", {"file": SimpleUploadedFile(name, b"id,nps\n1,9\n"), "source": "till"})
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        record = FileImport.objects.order_by("-id")[0]
        assert folder_of(heard, record).resolve().is_relative_to(heard.path.resolve())
        assert "/" not in record.name
        assert "<img src=x" not in text_of(cole.get(answer["Location"]))
    outside = {path for path in heard.path.parent.rglob("*") if "evil" in path.name or "passwd" in path.name} - before
    assert all(path.is_relative_to(heard.path) for path in outside)


@pytest.mark.parametrize(
    "address",
    [
        f"{room}{path}"
        for room in (
            "/understand/people/",
            "/govern/office/metric/",
            "/listen/imports/",
            "/act/you-said-we-did/",
            "/listen/s/",
            "/start/",
            "/static/",
            "/api/v1/receipts/",
            "/api/v1/",
        )
        for path in (
            "..%2f..%2f..%2fetc%2fpasswd",
            "../../../etc/passwd",
            "%2fetc%2fpasswd",
            "%00",
            "a" * 5000,
            "%0d%0aSet-Cookie:%20a=b",
            "1/../../keys/sessions.key",
        )
    ],
)
def test_no_address_leads_out_of_the_office(everybody: Clients, address: str) -> None:
    for name in ("Lea", "Cole"):
        answer = everybody[name].get(address)
        assert answer.status_code in (301, 302, 400, 401, 403, 404, 405), name
        assert "root:" not in text_of(answer)
        assert "Set-Cookie: a=b" not in str(answer.headers)


def test_a_form_takes_what_it_asks_for_and_no_more(heard: Home, everybody: Clients) -> None:
    forged = {
        "created_by": "Eve",
        "by": "Eve",
        "state": "done",
        "key": "forged",
        "id": "1",
        "pk": "1",
        "owner": "Eve",
        "sent_by": "Eve",
        "answered_by": "Eve",
        "unit_id": "south",
    }
    everybody["Ada"].post("/decide/items/new/", {"title": "Forged idea", "experience": "customer", **forged})
    for item in Item.objects.filter(title="Forged idea"):
        assert (item.created_by, item.state) == ("Ada", "proposed")
    case = case_of(
        heard,
        "forged",
    )
    everybody["Tom"].post(
        f"/act/cases/{case.pk}/note/", {"note-words": "Seen.", **forged, "state": "closed", "unit": "south"}
    )
    case = Case.objects.get(pk=case.pk)
    assert (case.unit, case.state, case.entries.get().said_by) == ("north", "open", "Tom")
    everybody["Lea"].post(
        "/act/recommendations/new/",
        {
            "asked": "A",
            "why": "B",
            "strength": "fair",
            "unit": "north",
            "lever": "knowledge",
            "may_be_wrong": "C",
            **forged,
            "state": "accepted",
        },
    )
    assert {(one.sent_by, one.state) for one in Recommendation.objects.all()} == {("Lea", "sent")}


@pytest.mark.parametrize(
    "address",
    [
        f"/understand/explore/?metric=csat&by={'a,' * 5000}",
        f"/search/?q={'x' * 20_000}",
        f"/act/cases/?q={'9' * 5000}",
        f"/understand/explore/?metric=csat&period={'9' * 3000}",
        "/decide/?page=99999999999999999999",
        f"/understand/signals/?metric=csat&after={'A' * 9000}",
        "/govern/audit/?since=99999-01-01",
        f"/understand/explore/?metric=csat&where.channel={'a|' * 3000}",
    ],
)
def test_a_huge_question_is_answered_or_refused(everybody: Clients, address: str) -> None:
    for name in ("Lea", "Tom"):
        assert everybody[name].get(address).status_code in (200, 302, 400, 403, 404, 414)
