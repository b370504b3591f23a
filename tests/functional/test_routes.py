"""Nobody is where they don't belong: every route, every role, with their unit, another one and none.

What a route declares (`lib/entry.py`) is what it does. The table says what its parameters name, and where a route is
narrower than its right; a new route with parameters fails here until it stands in the table.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.keys import SCOPES, add_key, rights_for
from openxmo.office.accounts.middleware import check_entry
from openxmo.office.accounts.roles import ROLES, Right
from openxmo.office.config.answering import buckets
from openxmo.office.config.api import api, operations
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import access_of
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import Entry
from openxmo.office.lib.navigation import find_places
from tests.functional.stocked import EVERYBODY, MARK, Somebody, Stocked, stocked  # noqa: F401  (a fixture)
from tests.routes import Route, walk_routes

API = "/api/v1/"
DONE = {200, 302, 303, 400, 405, 410, 422}  # let in: it worked, or what was sent is off
KEPT_OUT = {403, 404}


@dataclass(frozen=True)
class Aim:
    """What a route's parameters name: `given` by parameter what stands in `Stocked.keys`, or itself after `=`.

    `norths`: it belongs to north. `only`: of those with the right, no other roles may; `posts`: may change it. `wide`:
    only who sees the whole office may. `tells`: it shows what is north's to others, and why.
    """

    given: dict[str, str] = field(default_factory=dict)
    norths: bool = False
    only: frozenset[str] | None = None
    posts: frozenset[str] | None = None
    wide: bool = False
    tells: str = ""


def norths(
    key: str,
    *,
    by: str = "key",
    only: frozenset[str] | None = None,
    posts: frozenset[str] | None = None,
    wide: bool = False,
    **more: str,
) -> Aim:
    return Aim({by: key, **more}, norths=True, only=only, posts=posts, wide=wide)


def whole(**given: str) -> Aim:
    return Aim(given)


LEADS_CASES = frozenset({"team_lead", "xmo_lead"})
LEAD = frozenset({"xmo_lead"})
CHANGES = frozenset(role.key for role in ROLES.values() if Right.CHANGE_OFFICE in role.rights)


def who_finds(stage: str) -> frozenset[str]:
    """The roles whose menu has a page of this stage: its own address leads only them on."""
    having = {role.key: lambda *rights, held=role.rights: not held.isdisjoint(rights) for role in ROLES.values()}
    return frozenset(key for key, has in having.items() if any(one.stage == stage for one in find_places(has)))


AIMS: dict[str, Aim] = {
    **{f"/{stage}/": Aim(only=who_finds(stage)) for stage in ("act", "understand")},
    # GOVERN
    "/govern/gap/<str:key>/": whole(key="=customers"),
    "/govern/office/<str:kind>/": whole(kind="=metric"),
    "/govern/new/<str:kind>/": Aim({"kind": "=metric"}, only=CHANGES),
    "/govern/edit/<str:kind>/<path:key>/": Aim({"kind": "=metric", "key": "=nps"}, only=CHANGES),
    "/govern/archive/<str:kind>/<path:key>/": Aim({"kind": "=metric", "key": "=nps"}, only=CHANGES),
    "/govern/restore/<str:kind>/<path:key>/": Aim({"kind": "=standard", "key": "archived"}, only=CHANGES),
    "/govern/office/<str:kind>/<path:key>/": whole(kind="=metric", key="=nps"),
    # LISTEN
    "/listen/s/<str:token>/": whole(token="listen token"),
    "/listen/s/<str:token>/thanks/": whole(token="listen token"),
    "/listen/s/<str:token>/no/": whole(token="personal token"),
    "/listen/surveys/<slug:key>/open/": whole(key="=after-contact"),
    "/listen/links/<int:key>/": norths("opening"),
    "/listen/links/<int:key>/ask/": norths("link"),
    "/listen/links/<int:key>/close/": norths("opening"),
    "/listen/imports/<str:key>/": whole(key="receipt"),
    "/listen/imports/<str:key>/rejects.csv": whole(key="receipt"),
    "/listen/imports/<str:key>/undo/": whole(key="receipt"),
    "/listen/files/<int:key>/": Aim({"key": "stored file"}, wide=True),
    "/listen/files/<int:key>/store/": Aim({"key": "file"}, wide=True),
    "/listen/files/<int:key>/stop/": Aim({"key": "file"}, wide=True),
    "/listen/files/<int:key>/measure/": Aim({"key": "stored file"}, wide=True),
    "/listen/files/<int:key>/mapping.toml": Aim({"key": "file"}, wide=True),
    # UNDERSTAND
    "/understand/measures/<str:key>/": whole(key="=csat"),
    "/understand/people/<path:subject>/": whole(subject="subject"),
    # DECIDE
    "/decide/items/<int:item_id>/": norths("item_id", by="item_id"),
    "/decide/items/<int:item_id>/edit/": norths("item_id", by="item_id"),
    "/decide/items/<int:item_id>/estimate/": norths("item_id", by="item_id"),
    "/decide/items/<int:item_id>/state/": norths("item_id", by="item_id"),
    "/decide/items/<int:item_id>/merge/": norths("item_id", by="item_id"),
    "/decide/items/<int:item_id>/merge/undo/": norths("merged", by="item_id"),
    "/decide/items/<int:item_id>/evidence/": norths("item_id", by="item_id"),
    "/decide/items/<int:item_id>/evidence/<int:evidence_id>/drop/": norths(
        "item_id", by="item_id", evidence_id="evidence_id"
    ),
    "/decide/items/<int:item_id>/actual/": norths("item_id", by="item_id"),
    "/decide/items/<int:item_id>/feelings/": norths("item_id", by="item_id", only=LEAD),
    "/decide/noticed/<int:notice_id>/evidence/": norths("notice", by="notice_id"),
    "/decide/words/": Aim(posts=CHANGES),
    # ACT
    **{
        f"/act/cases/<int:key>/{deed}": norths("case")
        for deed in ("", "take/", "reply/", "note/", "cause/", "resolve/", "reopen/", "give-up/", "dismiss/")
    },
    "/act/cases/all/": Aim(only=LEADS_CASES),
    "/act/complaints/possible/<int:key>/": norths("possible", only=LEADS_CASES),
    "/act/problems/": Aim(posts=LEADS_CASES),
    "/act/problems/<int:key>/": norths("problem", posts=LEADS_CASES),
    "/act/causes/<slug:key>/archive/": Aim({"key": "act-cause-archive key"}, only=LEADS_CASES),
    "/act/recommendations/<int:key>/": norths("recommendation"),
    "/act/recommendations/<int:key>/answer/": norths("recommendation"),
    "/act/recommendations/<int:key>/settle/": norths("recommendation"),
    "/act/recommendations/<int:key>/block/": norths("recommendation"),
    "/act/stuck/<int:key>/clear/": norths("act-blocker-clear key"),
    "/act/you-said-we-did/<slug:slug>/": whole(slug="act-note slug"),
    "/act/you-said-we-did/<slug:slug>/publish/": norths("slug", by="slug"),
    "/act/you-said-we-did/<slug:slug>/told/": norths("slug", by="slug"),
    "/act/answer/<str:token>/": Aim({"token": "act-answer token"}, tells="who holds the letter's link"),
    "/act/did-this-help/<str:token>/": whole(token="act-confirm token"),
    # PROVE
    **{
        f"/prove/initiatives/<int:pk>/{deed}": norths("pk", by="pk")
        for deed in ("", "plan/", "start/", "end/", "stop/", "milestones/", "blockers/", "affected/")
    },
    "/prove/initiatives/<int:pk>/approve/": norths("pk", by="pk", only=LEAD),
    "/prove/initiatives/<int:pk>/judge/": norths("judged", by="pk", wide=True),  # as the baseline was read
    "/prove/initiatives/<int:pk>/money/": norths("judged", by="pk", only=LEAD),
    "/prove/milestones/<int:pk>/reached/": norths("milestone", by="pk"),
    "/prove/blockers/<int:pk>/cleared/": norths("prove blocker", by="pk"),
    **{f"/prove/affected/<int:pk>/{what}/": norths("affected", by="pk") for what in ("told", "trained", "adopting")},
    "/prove/money/<int:pk>/sign/": norths("money", by="pk"),
    "/prove/money/<int:pk>/refuse/": norths("money", by="pk"),
    # HOME
    "/stand/<slug:name>/": whole(name="=trust"),
    "/start/<slug:key>/": whole(key="=heard"),
}
FEW = tuple(each for each in EVERYBODY if each.role in ("agent", "administrator"))
ROUTES = [route for route in walk_routes() if route.ours and not route.address.startswith(API)]


def aim_of(route: Route) -> Aim:
    return AIMS.get(route.address, Aim())


def address_of(address: str, aim: Aim, keys: dict[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        named = aim.given[found[1].rpartition(":")[2]]
        return named[1:] if named.startswith("=") else str(keys[named])

    return re.sub(r"[<{]([^>}]+)[>}]", value, address)


def ids(route: Route) -> str:
    return route.address


def call(client: Client, method: str, address: str, **more: Any) -> Any:
    """What is answered; what it changed is undone, so that the next one finds the office as it was."""
    client.cookies.pop("messages", None)  # what an earlier deed said
    with transaction.atomic():
        answer = client.generic(method, address, **more)
        transaction.set_rollback(True)
    return answer


def shows(answer: Any) -> bool:
    return MARK in answer.getvalue().decode(errors="replace")


def may(entry: Entry, aim: Aim, somebody: Somebody, method: str) -> bool:
    """Whether the declaration and the table let this person do it, wherever their unit is."""
    if entry.kind == "rights" and not somebody.has(*entry.rights):
        return False
    further = [aim.only, aim.posts if method == "POST" else None]
    return all(each is None or somebody.role in each for each in further) and (not aim.wide or somebody.sees_all)


def test_every_parameter_stands_in_the_table_and_every_line_of_the_table_is_a_route() -> None:
    routes = {route.address: set(route.takes) for route in ROUTES}
    unknown = [address for address, takes in routes.items() if takes != set(AIMS.get(address, Aim()).given)]
    assert unknown == [], "say in AIMS what these parameters name"
    assert set(AIMS) <= set(routes), "these are no routes any more"


def test_every_route_says_who_may_call_it() -> None:
    assert [route.address for route in walk_routes() if route.entry is None] == []
    others = [route.address for route in walk_routes() if not route.ours]
    assert [address for address in others if not address.startswith("/accounts/")] == [], "wrap it, and declare it"
    open_doors = {
        route.address: route.entry.kind for route in ROUTES if route.entry and route.entry.kind in ("all", "link")
    }
    assert open_doors == {
        **dict.fromkeys(
            ("/listen/s/<str:token>/", "/listen/s/<str:token>/thanks/", "/listen/s/<str:token>/no/"), "link"
        ),
        **dict.fromkeys(("/act/answer/<str:token>/", "/act/did-this-help/<str:token>/"), "link"),
        "/act/you-said-we-did/<slug:slug>/": "link",
        **dict.fromkeys(("/accounts/oidc/oidc/login/", "/accounts/oidc/oidc/login/callback/"), "all"),
        "/accounts/password/set/": "all",
    }, "a door without a lock is a decision: write it down here"


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_a_stranger_is_asked_to_sign_in(stocked: Stocked, route: Route, db: None) -> None:  # noqa: ARG001, F811
    address = address_of(route.address, aim_of(route), stocked.keys)
    assert route.entry is not None
    for method in ("GET", "POST"):
        answer = call(Client(), method, address)
        if route.entry.kind in ("all", "link"):
            assert answer.status_code in DONE, method
        else:
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/"), method
            assert not shows(answer)


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_each_role_is_let_in_or_kept_out_as_declared(stocked: Stocked, route: Route, db: None) -> None:  # noqa: ARG001, F811
    aim = aim_of(route)
    address = address_of(route.address, aim, stocked.keys)
    wrong = list(differences(stocked, route, aim, address))
    assert wrong == [], f"{len(wrong)} of them"


def differences(stocked: Stocked, route: Route, aim: Aim, address: str) -> Iterator[str]:  # noqa: F811
    assert route.entry is not None
    methods = ["GET", "POST"]
    for somebody in FEW if route.entry.kind in ("all", "link") else EVERYBODY:
        entitled = route.entry.kind != "rights" or somebody.has(*route.entry.rights)
        if passes(route.entry, somebody) is not entitled:
            yield f"the guard is wrong about {somebody.name}"
        if not is_asked(route, aim, somebody, entitled=entitled):
            continue
        for method in tuple(methods):
            answer = call(stocked.clients[somebody.name], method, address)
            if answer.status_code == 405:
                methods.remove(method)  # the view takes the other one alone, whoever asks
            allowed = may(route.entry, aim, somebody, method)
            found = judge(answer, aim, somebody, allowed=allowed, entitled=entitled)
            yield from (f"{method} {somebody.name}: {said}" for said in found)


def is_asked(route: Route, aim: Aim, somebody: Somebody, *, entitled: bool) -> bool:
    """The guard is asked of everybody; over the wire one of each role is, and everybody where the unit decides."""
    turn = sum(map(ord, route.address + somebody.role))
    if not (entitled and aim.norths):
        return somebody.place == ("own", "other", "none")[turn % 3]
    return not (somebody.sees_north and somebody.is_wide) or somebody.place == ("own", "none")[turn % 2]


def judge(answer: Any, aim: Aim, somebody: Somebody, *, allowed: bool, entitled: bool) -> Iterator[str]:
    status = answer.status_code
    if status >= 500:
        yield str(status)
    elif not allowed and status not in (*KEPT_OUT, 405):
        yield f"{status} without the right"
    elif allowed and (not aim.norths or somebody.sees_north) and status not in DONE:
        yield f"{status} with the right"
    elif aim.norths and not somebody.sees_north and status not in (*KEPT_OUT, 405):
        yield f"{status} on what is north's"
    if shows(answer) and not aim.tells and not (entitled and somebody.sees_north):
        yield "is told of what is north's"
    if status == 403 and "<h1" not in answer.getvalue().decode():
        yield "refused without words"


def passes(entry: Entry | None, somebody: Somebody) -> bool:
    assert entry is not None
    if entry.kind in ("all", "link"):
        return True
    try:
        check_entry(entry, access_of(served_home(), somebody.name, at=now()))
    except NotAllowed:
        return False
    return True


# THE API

SCOPED = [(address, method, operation) for address, operation in operations(api()) for method in operation.methods]
AIMS_OF_API: dict[str, Aim] = {
    "/receipts/{receipt}": whole(receipt="receipt"),
    "/backlog/{item}": norths("item_id", by="item"),
    "/backlog/{item}/move": norths("item_id", by="item"),
    "/backlog/{item}/estimates": norths("item_id", by="item"),
    "/cases/{case}": norths("case", by="case"),
    **{f"/cases/{{case}}/{deed}": norths("case", by="case") for deed in ("take", "reply", "note", "resolve")},
    "/recommendations/{recommendation}": norths("recommendation", by="recommendation"),
    "/recommendations/{recommendation}/answer": norths("recommendation", by="recommendation"),
    "/initiatives/{initiative}": norths("pk", by="initiative"),
}
ASKED_WITH = {
    "/questions/score": "?metric=csat&by=site",
    "/questions/explain": "?metric=csat&by=site&before=2026-05-01..2026-06-01&after=2026-08-01..2026-09-01",
    "/questions/prove": "?metric=csat&by=site&treated=a,c&change=2026-07-01",
    "/questions/contact": "?key=contact-1",
    "/questions/signals": "?metric=csat",
    "/questions/person": "?subject=customer-k",
}
FURTHER: dict[tuple[str, str], tuple[Right, ...]] = {  # what an operation asks beyond its scope
    ("/questions/quality", "GET"): (Right.IMPORT_SIGNALS,),
    ("/questions/contact", "GET"): (Right.READ_ANSWERS,),
    ("/questions/person", "GET"): (Right.READ_ANSWERS,),
    ("/recommendations/{recommendation}", "GET"): (
        Right.RECOMMEND,
        Right.KEEP_BACKLOG,
        Right.ANSWER_RECOMMENDATIONS,
    ),
    ("/recommendations", "POST"): (Right.RECOMMEND,),
    ("/recommendations/{recommendation}/answer", "POST"): (Right.ANSWER_RECOMMENDATIONS,),
}
SENT: dict[tuple[str, str], Any] = {
    ("/cases/{case}/reply", "POST"): {"words": "We are sorry.", "way": "call"},
    ("/cases/{case}/note", "POST"): {"words": "Seen."},
    ("/backlog/{item}/move", "POST"): {"to": "declined", "reason": "No."},
    ("/backlog/{item}/estimates", "POST"): {
        "estimates": [{"quantity": "wsjf.size", "low": 1, "likely": 2, "high": 3, "unit": "points"}]
    },
    ("/backlog", "POST"): {"title": "Quiet please"},
    ("/recommendations/{recommendation}/answer", "POST"): {"deed": "accept"},
    ("/recommendations", "POST"): {
        "asked": "Do it.", "why": "It helps.", "strength": "fair", "unit": "north", "lever": "knowledge",
        "may_be_wrong": "Perhaps.",
    },
}  # fmt: skip
LET_IN = {200, 201, 202, 400, 413, 415, 422}


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings, "OPENXMO_CALLS_PER_MINUTE", 1_000_000)
    buckets.cache_clear()
    yield
    buckets.cache_clear()


def operation_ids(one: Any) -> str:
    return f"{one[1]} {one[0]}"


def send(stocked: Stocked, one: Any, *, key: str = "", client: Client | None = None) -> Any:  # noqa: F811
    address, method, _ = one
    target = address_of(address, AIMS_OF_API.get(address, Aim()), stocked.keys)
    more = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}
    body = json.dumps(SENT[address, method]) if (address, method) in SENT else ""
    kind = "application/toml" if address == "/office" else "application/json"
    sent = API.rstrip("/") + target + ASKED_WITH.get(address, "")
    return call(client or Client(), method, sent, data=body, content_type=kind, **more)


def scope_of(one: Any) -> tuple[str, bool]:
    (asked,) = one[2].auth_callbacks
    return str(asked.scope), asked.people


def test_every_operation_with_parameters_stands_in_the_table() -> None:
    assert {address for address, _, _ in SCOPED if "{" in address} == set(AIMS_OF_API)
    assert {(address, method) for address, method, _ in SCOPED} >= {*FURTHER, *SENT}


@pytest.mark.parametrize("one", SCOPED, ids=operation_ids)
@pytest.mark.usefixtures("unhurried", "db")
def test_a_key_does_what_its_scopes_name_and_nothing_else(stocked: Stocked, one: Any) -> None:  # noqa: F811
    wanted, _ = scope_of(one)
    assert send(stocked, one).status_code == 401
    assert send(stocked, one, key="xmo_guessed").status_code == 401
    for scope in SCOPES:
        _, key = add_key(f"only {scope}", scopes=[scope], by="Root", at=now())
        status = send(stocked, one, key=key).status_code
        assert status in LET_IN if scope == wanted else status == 403, (scope, status)


@pytest.mark.parametrize("one", SCOPED, ids=operation_ids)
@pytest.mark.usefixtures("unhurried", "db")
def test_a_key_that_acts_as_somebody_does_no_more_than_they_may(stocked: Stocked, one: Any) -> None:  # noqa: F811
    wrong = list(differences_of_api(stocked, one))
    assert wrong == [], f"{len(wrong)} of them"


def differences_of_api(stocked: Stocked, one: Any) -> Iterator[str]:  # noqa: F811
    address, method, _ = one
    scope, _ = scope_of(one)
    aim = AIMS_OF_API.get(address, Aim())
    rights = rights_for(scope)
    for somebody in EVERYBODY:
        _, key = add_key(somebody.name, scopes=list(SCOPES), acts_as=somebody.name, by="Root", at=now())
        answer = send(stocked, one, key=key)
        entitled = all(somebody.has(*each) for each in (rights, FURTHER.get((address, method), ())) if each)
        sees = somebody.sees_north or not aim.norths
        if answer.status_code >= 500:
            yield f"{somebody.name}: {answer.status_code}"
        elif not (entitled and sees) and answer.status_code not in KEPT_OUT:
            yield f"{somebody.name}: {answer.status_code}, let in"
        elif entitled and sees and answer.status_code not in LET_IN:
            yield f"{somebody.name}: {answer.status_code}, kept out"
        if shows(answer) and not (entitled and somebody.sees_north):
            yield f"{somebody.name}: is told of what is north's"


@pytest.mark.parametrize("one", SCOPED, ids=operation_ids)
@pytest.mark.usefixtures("unhurried", "db")
def test_who_is_signed_in_asks_questions_and_changes_nothing(stocked: Stocked, one: Any) -> None:  # noqa: F811
    _, people = scope_of(one)
    for role in ("analyst", "agent", "administrator", "data_protection"):
        somebody = next(each for each in EVERYBODY if each.role == role and each.place == "none")
        answer = send(stocked, one, client=stocked.clients[somebody.name])
        if not people:
            assert answer.status_code == 401, role
        elif role in ("administrator", "data_protection"):
            assert answer.status_code == 403, role
        else:
            assert answer.status_code in {*LET_IN, 403}, role
