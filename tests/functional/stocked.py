"""An office in which north owns something of every kind, with a person of every role in north, in south and in no unit.

All of it carries `MARK`, so that a page which shows any of it to somebody else is found by that word.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import add_key
from openxmo.office.accounts.roles import ROLES
from openxmo.office.act import actions as working
from openxmo.office.act import causes, links, recommending, telling
from openxmo.office.act.models import PossibleComplaint, Problem
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.told import answer, hear, open_case
from openxmo.office.decide import actions as deciding
from openxmo.office.govern.actions import archive, put
from openxmo.office.govern.organisation import Person
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.listen.actions.storing import carry_out
from openxmo.office.listen.links import token_of
from openxmo.office.listen.models import FileImport, Notice, PersonalLink
from openxmo.office.listen.queries.imports import import_rows
from openxmo.office.listen.tests.drawing import ANSWERS, opened
from openxmo.office.prove import actions as proving
from openxmo.office.prove.tests.conftest import AFTER, answers, judged, planned
from openxmo.office.prove.tests.test_money import claimed
from tests.people import add_users, serve_copy

MARK = "quokka"
PLACES: dict[str, tuple[str, ...]] = {"own": ("north",), "other": ("south",), "none": ()}


@dataclass(frozen=True)
class Somebody:
    """`place` says where their unit stands to north: own, other or none."""

    name: str
    role: str
    place: str

    def has(self, *rights: str) -> bool:
        return any(right in ROLES[self.role].rights for right in rights)

    @property
    def is_wide(self) -> bool:
        return ROLES[self.role].office_wide

    @property
    def sees_all(self) -> bool:
        return self.place == "none" and self.is_wide

    @property
    def sees_north(self) -> bool:
        return self.place == "own" or self.sees_all


EVERYBODY = tuple(Somebody(f"{role}.{place}", role, place) for role in ROLES for place in PLACES)


@dataclass(frozen=True)
class Stocked:
    """`keys` are the parameters of routes by `route parameter` or by the parameter alone."""

    home: Home
    clients: dict[str, Client]
    keys: dict[str, Any]


def person_of(somebody: Somebody) -> Person:
    """Agents serve in team x, leads lead it, wherever their unit is: a unit is judged by itself."""
    team = "x" if somebody.place == "own" else "z"
    is_agent = somebody.role == "agent"
    return Person(
        name=somebody.name,
        roles=(somebody.role,),
        units=PLACES[somebody.place],
        agent=somebody.name if is_agent else None,
        team=team if is_agent else None,
        leads=(team,) if somebody.role == "team_lead" else (),
    )


@contextmanager
def served_for_long(made: Path, folder: Path, settings: Any) -> Iterator[Home]:
    """A copy of the office that all tests of a module share; what each of them changes is undone after it."""
    with transaction.atomic():
        home = serve_copy(made, folder, settings)
        add_users()
        put(home, *map(person_of, EVERYBODY), by="operator", at=now())
        user = get_user_model()
        user.objects.bulk_create(user(username=each.name, password="!") for each in EVERYBODY)
        yield home
        transaction.set_rollback(True)


def sign_everybody_in() -> dict[str, Client]:
    found = {}
    for name in get_user_model().objects.values_list("username", flat=True):
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(get_user_model().objects.get(username=name))
    return found


def stock(home: Home) -> Stocked:
    """Something of each kind, made by the rooms' own actions and pages."""
    clients = sign_everybody_in()
    keys = {**hear_things(home), **ask_in_surveys(home), **upload(home, clients["Cole"]), **work_cases(home)}
    keys |= improve(home)
    key, _ = add_key("a program", scopes=["questions:read"], by="Root", at=now())
    return Stocked(home, clients, {**keys, "api key": key.name})


def hear_things(home: Home) -> dict[str, Any]:
    rows = [
        *answers(),
        {
            "id": "k1",
            "source": "phone",
            "kind": "O",
            "name": "contact",
            "happened_at": now().isoformat(),
            "unit": "north",
            "contact": "contact-1",
            "subject": "customer-k",
            "subject_kind": "customer",
            "text": f"{MARK} called",
        },
    ]
    hear(home, *rows)
    receipt = import_rows(home)[0].receipt.receipt
    notice = Notice.objects.create(
        signal="n1", text=f"The {MARK} is hungry.", unit="north", subject="amy", noticed_at=now()
    )
    return {
        "listen:import key": receipt, "receipt": receipt, "subject": "customer-k", "contact": "contact-1",
        "notice": notice.pk,
    }  # fmt: skip


def ask_in_surveys(home: Home) -> dict[str, Any]:
    public = opened(home, unit="north", label=f"{MARK} counter")
    personal = opened(home, unit="north", label=f"{MARK} round", personal=True)
    at = now()
    link = PersonalLink.objects.create(
        opening=personal,
        subject="customer-k",
        subject_kind="customer",
        made_by="Sue",
        made_at=at,
        expires_at=at + timedelta(9),
    )
    return {
        "make_link key": "after-contact", "opening": public.pk, "link": personal.pk,
        "listen token": token_of(public), "personal token": token_of(link),
    }  # fmt: skip


def upload(home: Home, client: Client) -> dict[str, Any]:
    """One file that waits for answers to its questions, and one that is stored."""
    waiting, stored = (send(client, ANSWERS.replace("\nr", f"\n{letter}")) for letter in "rs")
    said = {"dates": "%d/%m/%Y %H:%M", "zone": "Europe/Vienna"}
    assert client.post(f"/listen/files/{stored}/", said).status_code == 302
    assert client.post(f"/listen/files/{stored}/store/").status_code == 302
    carry_out(home, stored, at=now())
    return {"file": waiting, "stored file": stored}


def send(client: Client, content: str) -> int:
    sent = client.post("/listen/files/", {"file": SimpleUploadedFile("till.csv", content.encode()), "source": "till"})
    assert sent.status_code == 302
    return int(FileImport.objects.order_by("-id")[0].pk)


def work_cases(home: Home) -> dict[str, Any]:
    at = now()
    office = read_office(home)
    case = open_case(home, "r1", at=at, words=f"The {MARK} never called me back.")
    cause = causes.put_cause(label="lost animals", by="Lea", at=at)
    kept = causes.put_cause(label="the parcel", by="Lea", at=at)
    severe = [open_case(home, f"s{number}", at=at, words=f"{MARK} {number}") for number in range(3)]
    for each in severe:
        working.name_cause(case=each, cause=cause, severe=True, by="Tom", at=at)
    resolved = open_case(home, "t1", at=at, words=f"{MARK} again")
    resolved = working.name_cause(case=resolved, cause=kept, severe=False, by="Tom", at=at)
    working.reply(case=resolved, way="call", words=f"Talked of the {MARK}.", by="Tom", at=at)
    resolved.refresh_from_db()
    working.resolve(case=resolved, by="Tom", at=at)
    hear(home, *answer("p1", at=at, csat=None, agreed=None, words=f"A formal complaint about the {MARK}."), at=at)
    open_cases(home, at=at)
    item = deciding.propose_item(title=f"Find the {MARK}", unit="north", evidence=[(case.name, 1)], by="Lea", at=at)
    asked = recommending.recommend(
        office, item=item.name, asked=f"Feed the {MARK}", why="It is hungry.", strength="fair", unit="north",
        lever="knowledge", may_be_wrong="Perhaps it sleeps.", evidence=[case.name], by="Lea", at=at,
    )  # fmt: skip
    blocker = telling.raise_blocker(
        on=asked.name, unit="north", sort="budget", said=f"No {MARK} food", by="Rita", at=at
    )
    note = telling.write_note(you_said=f"{MARK}!", we_did="We looked.", unit="north", by="Lea", at=at)
    told = telling.write_note(you_said="Nothing.", we_did="We waited.", unit="north", by="Lea", at=at)
    telling.publish_note(note=told, by="Lea", at=at)
    return {
        "case": case.pk, "possible": PossibleComplaint.objects.get().pk, "problem": Problem.objects.get().pk,
        "act-cause-archive key": kept.key, "recommendation": asked.pk, "act-blocker-clear key": blocker.pk,
        "slug": note.slug, "act-note slug": told.slug,
        "act-answer token": links.sign(links.ANSWER, recommendation=asked.pk, name="Rita"),
        "act-confirm token": working.confirmation_link(resolved).rstrip("/").rpartition("/")[2],
        "item": item.pk, "about": [item.name, asked.name],
    }  # fmt: skip


def improve(home: Home) -> dict[str, Any]:
    at = now()
    item = deciding.propose_item(title=f"Tame the {MARK}", unit="north", by="Lea", at=at)
    evidence = deciding.add_evidence(item=item, thing="finding:1", by="Lea", at=at)
    gone = deciding.propose_item(title=f"Catch the {MARK}", unit="north", by="Lea", at=at)
    deciding.merge_item(item=gone, into=item, by="Lea", at=at)
    draft = planned(title=f"A {MARK} draft")
    done = judged(title=f"A {MARK} at work")
    claim = claimed(done)
    milestone = proving.add_milestone(
        initiative=draft, title=f"{MARK} seen", due_on=date(2027, 1, 1), by="Rita", at=AFTER
    )
    blocker = proving.open_blocker(initiative=draft, kind="budget", what=f"{MARK} costs", by="Rita", at=AFTER)
    affected = proving.add_affected(initiative=draft, who=f"{MARK} keepers", how_many=3, by="Rita", at=AFTER)
    archive(home, "standard", read_office(home).standards[-1].key, by="Lea", at=at, reason="seen")
    return {
        "item_id": item.pk, "evidence_id": evidence.pk, "merged": gone.pk, "pk": draft.pk, "judged": done.pk,
        "money": claim.pk, "milestone": milestone.pk, "prove blocker": blocker.pk, "affected": affected.pk,
        "archived": read_archived(home),
    }  # fmt: skip


def read_archived(home: Home) -> str:
    from openxmo.office.govern.store import read_standings

    return next(one.key for (kind, _), one in read_standings(home).items() if kind == "standard" and one.archived)


@pytest.fixture(scope="module")
def stocked(office_as_made: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Stocked]:  # noqa: ARG001
    """The office of a module's tests, with everything in it."""
    from django.conf import settings

    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("stocked") / "served"
        patched.setattr(settings, "OPENXMO_HOME", folder)
        with served_for_long(office_as_made, folder, settings) as home:
            yield stock(home)
