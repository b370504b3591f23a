"""What a program does over the API: plans initiatives, applies an office file, gives roles."""

import json
from typing import Any

from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.queries import find_person
from tests.functional.machine.calling import Program, shape_of

PLAN = {
    "title": "Call ahead",
    "owner": "Rita",
    "sponsor": "Eve",
    "unit": "north",
    "metric": "csat",
    "by": "site",
    "treated": ["a"],
    "comparison": ["b"],
    "where": {"channel": "phone"},
    "change_on": "2027-07-01",
    "until": "2027-11-01",
    "ready_on": "2027-10-01",
    "expected": 15.0,
}


def test_an_initiative_is_planned_by_a_key_that_acts_as_somebody(home: Home, program: Program) -> None:  # noqa: ARG001
    def plan(client: Client, **other: Any) -> Any:
        return client.post("/api/v1/initiatives", PLAN | other, content_type="application/json")

    lea = program("initiatives:write", "initiatives:read", acts_as="Lea")
    made = plan(lea)
    assert made.status_code == 201, made.content
    document = made.json()
    assert (document["state"], document["promise"], document["verdict"]) == ("draft", None, None)
    told = document["plan"]
    assert (told["metric"], told["treated"], told["where"]) == ("csat", ["a"], [["channel", "phone"]])
    assert (told["change_on"], told["ready_on"], told["fixed_at"]) == ("2027-07-01", "2027-10-01", None)
    assert lea.get(f"/api/v1/initiatives/{document['id']}").json() == document
    assert [row["id"] for row in lea.get("/api/v1/initiatives").json()["rows"]] == [document["id"]]
    carl = program("initiatives:read", acts_as="Carl")
    assert carl.get(f"/api/v1/initiatives/{document['id']}").status_code == 404
    alone = plan(program("initiatives:write"))
    assert alone.status_code == 403
    assert "--acts-as" in shape_of(alone)["detail"]
    assert plan(program("initiatives:write", acts_as="Tom")).status_code == 403
    for other, status, words in (
        ({"expected": -15.0}, 400, "worse"),
        ({"until": "2027-06-01"}, 400, "ends before"),
        ({"metric": "csta"}, 400, "csat"),
        ({"owner": "Nobody"}, 403, "Nobody"),
        ({"treated": []}, 422, "treated"),
        ({"change_on": "0001-01-01"}, 422, "change_on"),
        ({"item": "item:9999999999999999999999"}, 403, "item:"),
    ):
        refused = plan(lea, **other)
        assert refused.status_code == status, refused.content
        assert words in json.dumps(shape_of(refused))
    assert len(lea.get("/api/v1/initiatives").json()["rows"]) == 1


def test_the_office_file_goes_out_and_comes_back(program: Program) -> None:
    client = program("metrics:write")
    text = client.get("/api/v1/office").content.decode()
    same = client.put("/api/v1/office", text, content_type="application/toml")
    assert (same.status_code, same.json()["changed"], same.json()["added"]) == (200, {}, {})
    more = '[[metric]]\nkey = "calm"\nsignal = "calm"\nscore = { kind = "mean" }\n'
    checked = client.put("/api/v1/office?check=true", more, content_type="application/toml").json()
    assert (checked["check"], checked["added"]) == (True, {"metric": ["calm"]})
    assert client.put("/api/v1/office", more, content_type="application/toml").json()["added"] == {"metric": ["calm"]}
    wrong = client.put("/api/v1/office", "[[metric", content_type="application/toml")
    assert wrong.status_code == shape_of(wrong)["status"] == 422
    assert client.put("/api/v1/office", more, content_type="application/json").status_code == 415
    assert program("metrics:write", acts_as="Tom").get("/api/v1/office").status_code == 403


def test_a_key_gives_roles_only_with_the_scope_for_it(home: Home, program: Program) -> None:
    text = '[[person]]\nname = "Sue"\nroles = ["xmo_lead"]\n'
    allowed = ("metrics:write", "roles:write")
    for client in (
        program("metrics:write"),
        program("metrics:write", acts_as="Lea"),
        program(*allowed, acts_as="Sue"),
        program(*allowed, acts_as="Val"),
    ):
        for address in ("/api/v1/office?check=true", "/api/v1/office"):
            refused = client.put(address, text, content_type="application/toml")
            assert refused.status_code == shape_of(refused)["status"] == 403
    assert find_person(home, "Sue").roles == ("survey_architect",)
    lea = program(*allowed, acts_as="Lea")
    own = lea.put("/api/v1/office", text.replace("Sue", "Lea"), content_type="application/toml")
    assert own.status_code == 200  # as it stands
    assert lea.put("/api/v1/office", text, content_type="application/toml").json()["changed"] == {"person": ["Sue"]}
    assert find_person(home, "Sue").roles == ("xmo_lead",)
