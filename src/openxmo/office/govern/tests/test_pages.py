"""The pages of this room: who may open and change what, and what they tell."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.people import PEOPLE

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.metric import Ambition
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit, record
from openxmo.office.accounts.keys import SCOPES, add_key, find_key, rights_for
from openxmo.office.accounts.models import ApiKey, User
from openxmo.office.accounts.roles import ROLES, Right
from openxmo.office.govern import store
from openxmo.office.govern.actions import archive, put
from openxmo.office.govern.organisation import Objective, Person, Unit
from openxmo.office.govern.queries import access_of, read_office
from openxmo.office.lib.clock import now

SignIn = Callable[[str], Client]
READS = {Right.READ_SCORES, Right.READ_AUDIT, Right.CHANGE_OFFICE, Right.KEEP_SYSTEM}
ANYBODY = set(Right)
PAGES = {
    "/govern/": ANYBODY,
    "/govern/gap/": {Right.READ_SCORES},
    "/govern/roles/": ANYBODY,
    "/govern/units/": ANYBODY,
    "/govern/standards/": ANYBODY,
    "/govern/office/": READS,
    "/govern/office/metric/": READS,
    "/govern/office/metric/nps/": READS,
    "/govern/office/person/": {Right.READ_AUDIT, Right.CHANGE_OFFICE, Right.KEEP_SYSTEM},
    "/govern/office/office/office/": READS,
    "/govern/new/metric/": {Right.CHANGE_OFFICE},
    "/govern/edit/metric/nps/": {Right.CHANGE_OFFICE},
    "/govern/audit/": {Right.READ_AUDIT},
    "/govern/mine/": ANYBODY,
    "/govern/people/": {Right.KEEP_SYSTEM},
    "/govern/keys/": {Right.KEEP_SYSTEM, Right.READ_SCORES},
    "/portability/office-file/": {Right.CHANGE_OFFICE},
    "/portability/office-file/download/": {Right.CHANGE_OFFICE},
}
DEEDS = {
    "/govern/archive/metric/nps/": {Right.CHANGE_OFFICE},
    "/govern/restore/metric/nps/": {Right.CHANGE_OFFICE},
    "/govern/people/reset/": {Right.KEEP_SYSTEM},
    "/govern/people/sign-out/": {Right.KEEP_SYSTEM},
    "/govern/people/second-factor/": {Right.KEEP_SYSTEM},
    "/govern/keys/revoke/": {Right.KEEP_SYSTEM, Right.READ_SCORES},
    "/portability/office-file/apply/": {Right.CHANGE_OFFICE},
}


def rights_of(person: Person) -> set[Right]:
    return {right for role in person.roles for right in ROLES[role].rights}


@pytest.mark.parametrize("person", PEOPLE, ids=[person.name for person in PEOPLE])
def test_each_page_opens_for_those_whom_it_is_for_and_for_nobody_else(person: Person, sign_in: SignIn) -> None:
    client = sign_in(person.name)
    for address, rights in PAGES.items():
        expected = 200 if rights & rights_of(person) else 403
        assert client.get(address).status_code == expected, address
    for address, rights in DEEDS.items():
        if not rights & rights_of(person):
            assert client.post(address).status_code == 403, address


def test_nobody_who_is_not_signed_in_sees_anything(home: Home) -> None:  # noqa: ARG001
    for address in (*PAGES, *DEEDS):
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert "/accounts/login/" in answer["Location"]


def text_of(client: Client, address: str) -> str:
    """What a person reads on the page, without its frame and its marks."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    whole = answer.content.decode()
    main = whole.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


# WHAT WE STAND FOR


@pytest.mark.capability("XMO-03")
def test_the_vision_leads_to_objectives_ambitions_targets_and_metrics_each_with_its_version(
    home: Home, sign_in: SignIn
) -> None:
    lea = sign_in("Lea")
    assert "The vision will stand here" in text_of(lea, "/govern/")
    put(
        home,
        Objective(key="stay", label="Households stay", why="They paid to come."),
        Ambition(key="loved", statement="They tell their friends", metric="nps", target=40, objective="stay"),
        by="Lea",
        at=now(),
    )
    form = {"name": "Us", "zone": "UTC", "currency": "EUR", "vision": "Live the same evening.", "read_version": "1"}
    form |= {f"retention.{name}": value for name, value in RETENTION.items()}
    form |= {f"minimum_groups.{name}": value for name, value in GROUPS.items()}
    assert lea.post("/govern/edit/office/office/", form).status_code == 302
    text = text_of(sign_in("Root"), "/govern/")
    assert "Live the same evening." in text
    assert "One ambition says what it takes, under one strategic objective." in text
    assert "settled by Lea" in text
    assert "version 2" in text
    assert text.index("Households stay") < text.index("They tell their friends")
    nps = next(one.label for one in read_office(home).metrics if one.key == "nps")
    assert f"They tell their friends customers {nps} 40.0 points" in text


RETENTION = {
    "raw_days": "30",
    "comments_months": "24",
    "answers_months": "36",
    "unproved_integrity_days": "90",
    "logs_months": "24",
}
GROUPS = {"employees": "10", "comments": "20", "agents": "30", "organisation": "30"}


def test_an_ambition_serves_an_objective_that_there_is(home: Home, sign_in: SignIn) -> None:
    answer = sign_in("Lea").post(
        "/govern/new/ambition/", {"key": "loved", "target": "40", "metric": "nps", "objective": "x"}
    )
    assert answer.status_code == 422
    assert "loved" not in {one.key for one in read_office(home).ambitions}


# ROLES


@pytest.mark.capability("ROLE-02")
def test_roles_are_told_as_vacant_combined_or_asking_for_care(home: Home, sign_in: SignIn) -> None:
    text = text_of(sign_in("Carl"), "/govern/roles/")
    assert "7 of the 7 roles of the office are held, by 7 people. Every role is covered." in text
    archive(home, "person", "Val", by="Lea", at=now())
    put(home, Person(name="Sue", roles=("survey_architect", "validation_expert")), by="Lea", at=now())
    text = text_of(sign_in("Carl"), "/govern/roles/")
    assert "One combination asks for care." in text
    assert "Sue : validates surveys of their own making: name a second reader" in text
    archive(home, "person", "Lea", by="operator", at=now())
    text = text_of(sign_in("Carl"), "/govern/roles/")
    assert "Nobody leads the office" in text


@pytest.mark.capability("ROLE-01")
def test_the_seven_roles_stand_in_three_missions_with_objectives_rights_and_holders(sign_in: SignIn) -> None:
    text = text_of(sign_in("Carl"), "/govern/roles/")
    assert text.index("Measure") < text.index("Survey architect Sue") < text.index("Interpret")
    assert text.index("Interpret") < text.index("Analyst Ada") < text.index("Lead Recommend") < text.index("lead Lea")
    for role in ROLES.values():
        assert role.description in text
    assert "change metrics, ambitions, surveys, standards and rules" in text


def test_units_stand_in_their_tree_with_their_days(home: Home, sign_in: SignIn) -> None:
    today = now().date()
    put(home, Unit(key="old", label="Old shop", parent="north", valid_to=today - timedelta(days=1)), by="Lea", at=now())
    text = text_of(sign_in("Carl"), "/govern/units/")
    assert "3 units stand today, one stood before or will." in text
    assert text.index("The company") < text.index("North") < text.index("Old shop") < text.index("South")
    assert "not today" in text


def test_standards_are_judged_by_what_stands_and_the_rest_is_said_to_be_unknown(home: Home, sign_in: SignIn) -> None:
    text = text_of(sign_in("Carl"), "/govern/standards/")
    assert "Every metric, survey, journey and programme has an owner." in text
    assert "cannot be told" in text
    for metric in read_office(home).metrics:
        assert (f"{metric.label or metric.key} has no owner" in text) == (not metric.owner)


# THE OFFICE ON SCREENS


def metric_form(**more: str) -> dict[str, str]:
    form = {"key": "ease", "signal": "ces", "score.kind": "mean", "better": "higher", "min_n": "30", "pick": "last"}
    return form | {"experience": "customer"} | more


def test_a_metric_is_made_on_a_screen_and_shown_with_its_versions(home: Home, sign_in: SignIn) -> None:
    lea = sign_in("Lea")
    answer = lea.post("/govern/new/metric/", metric_form(label="Ease", reason="We said so in March"))
    assert answer["Location"] == "/govern/office/metric/ease/"
    changed = metric_form(label="Ease", read_version="1") | {"score.kind": "top_box", "score.top": "6"}
    assert lea.post("/govern/edit/metric/ease/", changed).status_code == 302
    metric = next(one for one in read_office(home).metrics if one.key == "ease")
    assert (metric.score.kind, metric.score.top) == ("top_box", 6)
    text = text_of(sign_in("Eve"), "/govern/office/metric/ease/")
    assert "It stands at version 2, settled by Lea" in text
    assert "We said so in March" in text
    assert "Score · kind mean top_box" in text
    assert "the series breaks here" in text
    assert [row.on for row in read_audit(by="Lea")] == [["office:3"], ["office:4"]]


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (metric_form(key="No Key"), "key", "must be a small letter"),
        (metric_form(signal=""), "signal", "This field is required."),
        (metric_form(min_n="0"), "min_n", "greater than or equal to 1"),
        (metric_form(where="channel: chat"), "where", "cannot be read"),
        (metric_form() | {"score.kind": "top_box"}, None, "top"),
        (metric_form(refused_by="agnet"), "refused_by", "did you mean &quot;agent&quot;"),
        (metric_form(key="nps"), None, "There is a metric &quot;nps&quot; already."),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_nothing_is_saved(
    home: Home, sign_in: SignIn, form: dict[str, str], field: str | None, words: str
) -> None:
    before = store.read_history(home)
    answer = sign_in("Lea").post("/govern/new/metric/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was saved" in page
    assert words in page
    if field:
        assert words.replace("&quot;", '"') in str(answer.context["form"].errors[field]).replace("&quot;", '"')
    assert store.read_history(home) == before


def test_two_who_change_the_same_thing_do_not_overwrite_each_other(home: Home, sign_in: SignIn) -> None:
    lea, sue = sign_in("Lea"), sign_in("Sue")
    lea.post("/govern/new/metric/", metric_form(label="Ease"))
    assert lea.post("/govern/edit/metric/ease/", metric_form(label="Hers", read_version="1")).status_code == 302
    answer = sue.post("/govern/edit/metric/ease/", metric_form(label="Other", read_version="1"))
    assert answer.status_code == 422
    assert "Lea changed this while you were writing" in answer.content.decode()
    assert [one.label for one in read_office(home).metrics if one.key == "ease"] == ["Hers"]


def test_what_is_still_needed_is_not_archived_and_a_reason_is_asked_for(home: Home, sign_in: SignIn) -> None:
    lea = sign_in("Lea")
    lea.post("/govern/new/metric/", metric_form())
    lea.post("/govern/new/ambition/", {"key": "easy", "metric": "ease", "target": "6", "experience": "customer"})

    def keys() -> set[str]:
        return {one.key for one in read_office(home).metrics}

    lea.post("/govern/archive/metric/ease/", {"reason": "old"})
    assert "ease" in keys()
    lea.post("/govern/archive/ambition/easy/", {"reason": ""})
    assert "easy" in {one.key for one in read_office(home).ambitions}
    lea.post("/govern/archive/ambition/easy/", {"reason": "No longer ours"})
    lea.post("/govern/archive/metric/ease/", {"reason": "Nobody uses it"})
    assert "ease" not in keys()
    text = text_of(lea, "/govern/office/metric/ease/")
    assert "It was taken out of use by Lea" in text
    assert "Nobody uses it" in text
    lea.post("/govern/restore/metric/ease/")
    assert "ease" in keys()


def test_nobody_changes_their_own_roles(home: Home, sign_in: SignIn) -> None:
    sue = sign_in("Sue")
    form = {"name": "Sue", "roles": ["xmo_lead"], "read_version": "1"}
    assert sue.post("/govern/edit/person/Sue/", form).status_code == 403
    assert sue.post("/govern/archive/person/Sue/", {"reason": "x"}).status_code == 403
    assert next(one for one in read_office(home).people if one.name == "Sue").roles == ("survey_architect",)


def test_the_minimum_groups_are_not_lowered_under_their_floor(home: Home, sign_in: SignIn) -> None:
    form = {"name": "Us", "zone": "UTC", "currency": "EUR", "read_version": "1"}
    form |= {f"retention.{name}": value for name, value in RETENTION.items()}
    form |= {f"minimum_groups.{name}": value for name, value in GROUPS.items()} | {"minimum_groups.employees": "4"}
    answer = sign_in("Lea").post("/govern/edit/office/office/", form)
    assert answer.status_code == 422
    assert "greater than or equal to 5" in str(answer.context["form"].errors["minimum_groups.employees"])
    assert read_office(home).settings.minimum_groups.employees == 10


def test_a_file_is_shown_before_it_is_applied(home: Home, sign_in: SignIn) -> None:
    lea = sign_in("Lea")
    text = '[[unit]]\nkey = "west"\nparent = "company"\n'
    shown = lea.post("/portability/office-file/", {"file": SimpleUploadedFile("office.toml", text.encode())})
    assert "Not yet: one thing would change." in shown.content.decode()
    assert "west" not in {unit.key for unit in read_office(home).units}
    assert lea.post("/portability/office-file/apply/", {"text": text}).status_code == 302
    assert "west" in {unit.key for unit in read_office(home).units}
    exported = lea.get("/portability/office-file/download/").content.decode()
    again = lea.post("/portability/office-file/", {"file": SimpleUploadedFile("o.toml", exported.encode())})
    assert "Yes: it would change nothing." in again.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"[[unit", "not valid TOML"), (b"\xff\xfe", "not UTF-8"), (b'[[unit]]\nkey="x"\nparent="nroth"', "did you mean")],
)
def test_a_wrong_file_is_told_in_words(sign_in: SignIn, content: bytes, words: str) -> None:
    answer = sign_in("Lea").post("/portability/office-file/", {"file": SimpleUploadedFile("o.toml", content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()


# WHO DID WHAT


def test_the_audit_is_read_by_person_deed_and_day_and_taken_away_as_a_file(home: Home, sign_in: SignIn) -> None:  # noqa: ARG001
    record("import", by="Eng", at=now() - timedelta(days=3), on=["receipt:7"])
    record("=cmd", by="Cole", at=now())
    dan = sign_in("Dan")
    text = text_of(dan, "/govern/audit/?by=Eng")
    assert "One act is recorded for what you ask" in text
    assert "Eng imported signals import 7" in text
    today = f"{now():%Y-%m-%d}"
    assert "Eng imported signals" not in text_of(dan, f"/govern/audit/?since={today}")
    rows = b"".join(dan.get("/govern/audit/?as=csv")).decode().splitlines()
    assert rows[0] == "at,by,what,on"
    assert any(",Eng,import,receipt:7" in row for row in rows)
    assert any(",Cole,'=cmd," in row for row in rows)
    assert dan.get("/govern/audit/?since=soon").status_code == 400


def test_what_is_held_about_me_is_mine_alone(home: Home, sign_in: SignIn) -> None:
    from openxmo.core.release import LookLog
    from openxmo.core.release.looks import Look

    log = LookLog(home.office / "audit" / "looks.ndjson")
    log(Look(at=now(), viewer="Tom", roles=("team_lead",), agent="amy", metric="csat"))
    record("import", by="Ben", at=now(), on=["receipt:9"])
    text = text_of(sign_in("Amy"), "/govern/mine/")
    assert "Your numbers were looked at once." in text
    assert "Tom csat" in text
    assert "import 9" not in text
    assert "Tom csat" not in text_of(sign_in("Ben"), "/govern/mine/")


# SIGN-INS AND KEYS


def test_an_administrator_admits_resets_and_signs_out(home: Home, sign_in: SignIn) -> None:
    root = sign_in("Root")
    answer = root.post("/govern/people/", {"name": "Nora", "roles": ["analyst"], "units": ["north"]})
    assert answer.status_code == 200
    name, password = answer.context["made"]
    assert (name, User.objects.get(username="Nora").check_password(password)) == ("Nora", True)
    assert "Nora" in {person.name for person in read_office(home).people}
    again = root.post("/govern/people/", {"name": "Nora", "roles": ["xmo_lead"]})
    assert again.status_code == 422
    new = root.post("/govern/people/reset/", {"name": "Nora"}).context["made"][1]
    assert User.objects.get(username="Nora").check_password(new)
    assert root.post("/govern/people/sign-out/", {"name": "Nora"}).status_code == 302
    assert root.post("/govern/people/reset/", {"name": "Root"}).status_code == 403


def test_a_key_is_shown_once_and_ended_by_its_maker_or_whoever_keeps_the_system(home: Home, sign_in: SignIn) -> None:  # noqa: ARG001
    eng, root = sign_in("Eng"), sign_in("Root")
    for name in ("loader", "other"):
        made = eng.post("/govern/keys/", {"name": name, "scopes": ["signals:write"]}).context["made"]
        assert find_key(made[1]) is not None
        assert made[1] not in eng.get("/govern/keys/").content.decode()
    assert {(key.acts_as, key.made_by) for key in ApiKey.objects.all()} == {("Eng", "Eng")}
    assert "loader" not in sign_in("Ada").get("/govern/keys/").content.decode()
    assert sign_in("Ada").post("/govern/keys/revoke/", {"name": "loader"}).status_code == 400
    assert ApiKey.objects.filter(revoked_at=None).count() == 2
    assert eng.post("/govern/keys/revoke/", {"name": "loader"}).status_code == 302
    assert "other" in root.get("/govern/keys/").content.decode()
    assert root.post("/govern/keys/revoke/", {"name": "other"}).status_code == 302
    assert ApiKey.objects.filter(revoked_at=None).count() == 0


@pytest.mark.parametrize("name", [person.name for person in PEOPLE])
def test_nobody_makes_a_key_that_does_more_than_they_may(home: Home, sign_in: SignIn, name: str) -> None:
    client, access = sign_in(name), access_of(home, name, at=now())
    if not access.has(Right.KEEP_SYSTEM, Right.READ_SCORES):
        assert client.post("/govern/keys/", {"name": "x", "scopes": ["questions:read"]}).status_code == 403
        return
    for scope in SCOPES:
        may = access.has(*rights_for(scope))
        answer = client.post("/govern/keys/", {"name": scope, "scopes": [scope], "acts_as": "Lea"})
        assert (answer.status_code == 200) == may, scope
        assert list(ApiKey.objects.filter(name=scope).values_list("acts_as", flat=True)) == [name] * may


def test_an_administrator_gets_no_key_that_reads_answers_by_any_way(home: Home, sign_in: SignIn) -> None:
    offered = sign_in("Root").get("/govern/keys/").content.decode()
    assert "answers:read" not in offered
    assert "questions:read" not in offered
    maker = access_of(home, "Root", at=now())
    with pytest.raises(NotAllowed, match="Root may not read single answers"):
        add_key("x", scopes=["answers:read"], maker=maker, by="Root", at=now())
    with pytest.raises(NotAllowed, match="A key acts as whoever makes it, and Ada is somebody else"):
        add_key("x", scopes=["roles:write"], acts_as="Ada", maker=maker, by="Root", at=now())
    assert not ApiKey.objects.exists()


def test_no_page_speaks_our_own_words(sign_in: SignIn) -> None:
    lea, root = sign_in("Lea"), sign_in("Root")
    for address, rights in PAGES.items():
        client = root if rights == {Right.KEEP_SYSTEM} else lea
        if "download" in address:
            continue
        answer = client.get(address).content.decode().split("<main", 1)[1]
        words = re.sub(r"<[^>]+>", " ", answer).lower()
        assert not re.search(r"\b(signal lake|lake|receipt|receipts|house)\b", words), address


def test_a_metric_s_screen_names_its_fields_in_words(home: Home, sign_in: SignIn) -> None:  # noqa: ARG001
    page = sign_in("Lea").get("/govern/edit/metric/csat/").content.decode()
    for words in ("How answers become a number", "Fewest answers", "With fewer answers it is not shown"):
        assert words in page
    for raw in (">Min n", "Score: q", "top_box: the", "counts One on each line"):
        assert raw not in page
