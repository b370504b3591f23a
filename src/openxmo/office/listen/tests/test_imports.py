"""A file from the browser: guessed, asked about, checked, stored, told of, undone."""

import gzip
import io
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.govern.organisation import Person
from openxmo.office.govern.queries import access_of, read_office
from openxmo.office.lib.clock import now
from openxmo.office.lib.things import find_thing
from openxmo.office.listen.actions.storing import carry_out, left_over
from openxmo.office.listen.actions.uploads import drop_left_files, folder_of
from openxmo.office.listen.models import FileImport, KnownForm
from openxmo.office.listen.states import ImportState
from openxmo.office.listen.tests.drawing import ANSWERS, many_answers, stored

SignIn = Callable[[str], Client]
DATES = {"dates": "%d/%m/%Y %H:%M", "zone": "Europe/Vienna"}


def send(client: Client, content: str | bytes, name: str = "answers.csv", source: str = "survey") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/listen/files/", {"file": SimpleUploadedFile(name, data), "source": source})


def sent(client: Client, content: str | bytes, name: str = "answers.csv") -> str:
    reply = send(client, content, name)
    assert reply.status_code == 302, reply.content.decode()
    return str(reply["Location"])


def store(client: Client, home: Home, address: str) -> FileImport:
    record = FileImport.objects.get(pk=int(address.split("/")[-2]))
    assert client.post(f"{address}store/").status_code == 302
    done = carry_out(home, record.pk, at=now())
    assert done is not None
    return done


def test_only_what_the_file_does_not_tell_is_asked(sign_in: SignIn) -> None:
    client = sign_in("Cole")
    page = client.get(sent(client, ANSWERS)).content.decode()
    assert "1 thing cannot be told from the file alone" in page
    asked = page.partition("What was taken as read")[0]
    assert 'name="dates"' in asked
    assert 'name="zone"' in asked
    assert 'name="subject_kind"' not in asked
    assert "3 April 2026" in asked


def test_a_file_is_shown_and_tried_before_anything_is_stored(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    address = sent(client, ANSWERS)
    assert client.post(address, DATES).status_code == 302
    page = client.get(address).content.decode()
    assert "of 15 signals 15 would be stored" in page
    assert "3 Apr 2026" in page
    assert not stored(home)


def test_a_stored_file_is_signals_and_leaves_its_mapping(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    address = sent(client, ANSWERS)
    client.post(address, DATES)
    record = store(client, home, address)
    assert (record.state, record.result["accepted"]) == (ImportState.DONE, 15)
    rows = stored(home)
    assert {row["name"] for row in rows} == {"nps", "csat", "resolved", "comment"}
    assert {row["subject"] for row in rows} == {"c1", "c2", "c3", "c4"}
    assert {row["scale"] for row in rows if row["name"] == "nps"} == {"0..10"}
    assert "b.example" not in str(rows)
    assert not folder_of(home, record).exists()
    mapping = client.get(f"{address}mapping.toml").content.decode()
    assert tomllib.loads(mapping)["source"] == "survey"
    page = client.get(address).content.decode()
    assert "15 signals of answers.csv are stored" in page


def test_the_downloaded_mapping_imports_the_file_by_the_command_as_known_already(
    sign_in: SignIn, home: Home, tmp_path: Any
) -> None:
    from openxmo.core.signals.mapping import load_mapping, map_files

    client = sign_in("Cole")
    address = sent(client, ANSWERS)
    client.post(address, DATES)
    store(client, home, address)
    (tmp_path / "m.toml").write_bytes(client.get(f"{address}mapping.toml").content)
    (tmp_path / "next.csv").write_text(ANSWERS)
    rows = list(map_files(load_mapping(tmp_path / "m.toml"), [tmp_path / "next.csv"]))
    assert sum(len(row.signals) for row in rows) == 15
    assert all(row.error is None for row in rows)


def test_the_next_file_with_these_columns_needs_no_answer(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    address = sent(client, ANSWERS)
    client.post(address, DATES)
    store(client, home, address)
    assert KnownForm.objects.count() == 1
    page = client.get(sent(client, ANSWERS.replace("r1;c1", "r9;c9"))).content.decode()
    assert "A file with these columns came before" in page


def test_the_same_file_again_is_known_already(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    for place in range(2):
        address = sent(client, ANSWERS)
        if not place:
            client.post(address, DATES)
        record = store(client, home, address)
    assert (record.result["accepted"], record.result["duplicates"]) == (0, 15)


def test_three_things_worth_knowing_are_counted_from_the_file(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    address = sent(client, many_answers())
    record = store(client, home, address)
    assert record.state == ImportState.DONE, record.fault
    page = client.get(address).content.decode()
    assert "from 400 answers" in page
    assert "differs most by channel: phone" in page
    assert "more than chance" in page
    assert "1 month between the first and the last has no answer at all: 2026-04" in page
    assert "/understand/explore/?metric=nps" in page
    assert "First-contact resolution" in page


EMPLOYEES = "when,enps,site\n" + "".join(
    f"2026-0{1 + n % 6}-03 10:00,{n % 11},{'Oslo' if n % 2 else 'Bergen'}\n" for n in range(120)
)


def test_what_employees_said_is_told_as_a_whole_and_never_cut_by_import(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Lea")
    address = sent(client, EMPLOYEES, name="staff.csv")
    reply = client.post(address, {"zone": "UTC", "direction": "higher", "scale": "0..10"})
    assert reply.status_code == 302, reply.context["form"].errors
    store(client, home, address)
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()
    assert page.context["facts"][0].sentence.startswith("eNPS is -46.7 points")
    assert page.context["explore"] == "/understand/explore/?metric=enps"


def test_the_answers_of_few_employees_are_not_told(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Lea")
    address = sent(client, "".join(EMPLOYEES.splitlines(keepends=True)[:6]), name="staff.csv")
    client.post(address, {"zone": "UTC", "direction": "higher", "scale": "0..10"})
    store(client, home, address)
    page = client.get(address)
    assert "too few people answered, and they must not be recognised" in page.context["facts"][0].sentence


def test_a_third_fact_sets_the_last_month_against_the_one_before(sign_in: SignIn, home: Home) -> None:
    rows = [f"2026-0{5 + n // 60}-{1 + n % 28:02} 10:00,{5 if n < 60 or n % 2 else 1}" for n in range(120)]
    client = sign_in("Lea")
    address = sent(client, "answered at,csat,customer\n" + "".join(f"{row},c{n}\n" for n, row in enumerate(rows)))
    client.post(address, {"zone": "UTC", "direction": "higher"})
    store(client, home, address)
    sentences = [fact.sentence for fact in client.get(address).context["facts"]]
    assert len(sentences) == 3
    assert sentences[2] == "CSAT went from 100.0 in 2026-05 to 50.0 in 2026-06: more than chance."


def test_a_rating_that_some_left_blank_is_a_rating(sign_in: SignIn, home: Home) -> None:
    rows = "".join(f"2026-05-{1 + n % 28:02} 10:00,c{n},{'Blank' if n % 9 == 0 else 1 + n % 5}\n" for n in range(90))
    client = sign_in("Lea")
    address = sent(client, "answered at,customer,satisfaction\n" + rows)
    client.post(address, {"zone": "UTC", "direction": "higher"})
    done = store(client, home, address)
    assert (done.result["accepted"], done.result["rejected"]) == (80, 0)
    assert {row["name"] for row in stored(home)} == {"csat"}


def test_what_is_no_table_is_named_as_it_was_sent(sign_in: SignIn) -> None:
    page = send(sign_in("Cole"), "", name="nothing.csv")
    assert page.status_code == 422
    assert " nothing.csv is empty" in page.content.decode()


def test_no_difference_is_told_where_chance_explains_all(sign_in: SignIn, home: Home) -> None:
    lines = ["customer_id,answered_at,nps,channel"]
    lines += [f"c{n},2026-03-0{1 + n % 9}T10:00:00Z,{(n // 2) % 11},{'chat' if n % 2 else 'phone'}" for n in range(330)]
    client = sign_in("Cole")
    address = sent(client, "\n".join(lines))
    store(client, home, address)
    assert "No difference is larger than chance" in client.get(address).content.decode()


def test_what_is_not_measured_yet_is_proposed_and_added_with_consent(sign_in: SignIn, home: Home) -> None:
    text = "customer_id,answered_at,score_overall,channel\n" + "\n".join(
        f"c{n},2026-03-01T10:00:00Z,{1 + n % 10},phone" for n in range(40)
    )
    client = sign_in("Cole")
    address = sent(client, text)
    assert client.post(address, {"what": "score_overall", "scale": "1..10", "direction": "higher"}).status_code == 302
    store(client, home, address)
    page = client.get(address).content.decode()
    assert "What could be measured" in page
    assert client.post(f"{address}measure/", {"metric": "score-overall"}).status_code == 403
    assert "score-overall" not in {metric.key for metric in read_office(home).metrics}
    sue = sign_in("Sue")
    assert "Measure Score overall" in sue.get(address).content.decode()
    assert "What came of this import?" not in sue.get(address).content.decode()
    assert sue.post(f"{address}measure/", {"metric": "score-overall"}).status_code == 302
    page = client.get(address).content.decode()
    assert "Score overall is 5.5 of 10" in page
    assert "/understand/explore/?metric=score-overall" in page


def test_who_may_only_change_the_office_sees_no_file_before_it_is_stored(sign_in: SignIn) -> None:
    address = sent(sign_in("Cole"), ANSWERS)
    for way in (sign_in("Sue").get, sign_in("Sue").post):
        assert way(address).status_code == 403


def test_what_is_missing_is_judged_by_the_people_of_the_file(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    text = "id,source,happened_at,kind,name,value,value_unit,subject,subject_kind\n"
    rows = [f"{who},crm,2026-03-01T10:00:00Z,B,revenue,9,EUR,{who},customer" for who in ("c1", "elsewhere")]
    store(client, home, sent(client, text + rows[1]))
    address = sent(client, ANSWERS)
    client.post(address, DATES)
    store(client, home, address)
    assert client.get(address).content.decode().count("missing</") == 3
    store(client, home, sent(client, text + rows[0]))
    assert client.get(address).content.decode().count("missing</") == 2


def test_a_direction_that_runs_down_is_stored_as_such(sign_in: SignIn, home: Home) -> None:
    text = "customer,when_answered,effort\n" + "\n".join(f"c{n},2026-03-01,{1 + n % 5}" for n in range(40))
    client = sign_in("Cole")
    address = sent(client, text)
    page = client.get(address).content.decode()
    assert "3 things" in page
    client.post(address, {"scale": "1..5", "direction": "lower", "zone": "UTC"})
    store(client, home, address)
    assert {row["scale"] for row in stored(home)} == {"5..1"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\x00\x01\x02\xff" * 500, "noise.csv"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "picture.csv"),
        (b"PK\x03\x04 not a sheet", "sheet.xlsx"),
        (b"PAR1 not parquet", "table.parquet"),
        (b"<xes><trace>", "log.xes"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><log>&a;</log>', "log.xes"),
        (b"[1, 2, 3]", "list.json"),
        (b"{broken\n{broken\n", "lines.json"),
        (b"\x1f\x8b broken", "packed.csv.gz"),
        (gzip.compress(ANSWERS.encode())[:60], "cut.csv.gz"),
        (b"only a header\n", "header.csv"),
        (b'"never closed\n1,2\n', "quote.csv"),
        (b"\xff\xfea", "half.csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_garbage_is_refused_with_a_sentence_and_leaves_nothing(
    sign_in: SignIn, home: Home, content: bytes, name: str
) -> None:
    client = sign_in("Cole")
    reply = send(client, content, name)
    if reply.status_code == 302:  # it has rows, but nothing that could be measured: that is asked
        assert client.get(reply["Location"]).status_code == 200
        assert client.post(f"{reply['Location']}store/").status_code == 400
    else:
        assert reply.status_code == 422
        assert "field-error" in reply.content.decode()
        assert not list((home.exports / "incoming").glob("*")) if (home.exports / "incoming").exists() else True
    assert not stored(home)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "…" * 200 + ".csv", ".csv", "con fig/../x.csv"])
def test_a_file_name_is_no_path(sign_in: SignIn, home: Home, name: str) -> None:
    client = sign_in("Cole")
    reply = client.post("/listen/files/", {"file": io.BytesIO(ANSWERS.encode()), "source": "survey"})
    assert reply.status_code in (302, 422)
    send(client, ANSWERS, name)
    inside = {path.resolve() for path in (home.exports / "incoming").rglob("*")}
    assert all(home.exports.resolve() in path.parents for path in inside)


def test_rejected_rows_are_shown_with_line_and_reason_masked_and_all_can_be_taken(sign_in: SignIn, home: Home) -> None:
    text = "id,source,happened_at,kind,name,value,scale,text\n" + "\n".join(
        f"{n},web,2026-03-01T10:00:00Z,X,csat,{value},1..5,call +43 660 1234567" for n, value in enumerate((4, 9, 5))
    )
    client = sign_in("Cole")
    record = store(client, home, sent(client, text))
    assert (record.result["accepted"], record.result["rejected"]) == (2, 1)
    page = client.get(f"/listen/imports/{record.batch}/").content.decode()
    assert "a rating lies outside its scale" in page
    assert "1234567" not in page
    taken = b"".join(client.get(f"/listen/imports/{record.batch}/rejects.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert taken.splitlines()[1].startswith("web") or "outside" in taken
    assert "1234567" not in taken
    assert "Nothing is lost" in page


def test_the_list_of_imports_adds_up_and_an_import_is_undone_with_a_reason(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    record = store(client, home, sent(client, many_answers(40)))
    assert "None is lost" in client.get("/listen/imports/").content.decode()
    address = f"/listen/imports/{record.batch}/"
    assert client.post(f"{address}undo/", {"reason": " "}).status_code == 422
    assert client.post(f"{address}undo/", {"reason": "wrong file"}).status_code == 302
    assert not stored(home)
    assert "It was undone" in client.get(address).content.decode()
    assert client.post(f"{address}undo/", {"reason": "again"}).status_code == 400


def test_carl_sees_no_import_and_sends_no_file(sign_in: SignIn, home: Home) -> None:
    cole = sign_in("Cole")
    record = store(cole, home, sent(cole, many_answers(40)))
    for name in ("Carl", "Tom", "Root", "Ada"):
        client = sign_in(name)
        assert client.get("/listen/imports/").status_code == 403
        assert client.get(f"/listen/imports/{record.batch}/").status_code == 403
        assert client.get(f"/listen/imports/{record.batch}/rejects.csv").status_code == 403
        assert client.post(f"/listen/imports/{record.batch}/undo/", {"reason": "x"}).status_code == 403
        assert send(client, ANSWERS).status_code == 403
        assert client.get(f"/listen/files/{record.pk}/").status_code == 403


REJECTED = "id,source,happened_at,kind,name,value,scale,unit,text\n" + "\n".join(
    f"{n},web,2026-03-01T10:00:00Z,X,csat,9,1..5,{unit},said in {unit or 'no unit'}"
    for n, unit in enumerate(("north", "south", ""))
)


@pytest.fixture
def limited(home: Home) -> str:
    """Whoever collects for the south alone."""
    put(home, Person(name="Carl", roles=("collection_expert",), units=("south",)), by="Lea", at=now())
    return "Carl"


def test_who_is_limited_to_a_unit_sees_of_others_rejects_the_rows_of_that_unit_alone(
    sign_in: SignIn, home: Home, limited: str
) -> None:
    cole = sign_in("Cole")
    record = store(cole, home, sent(cole, REJECTED))
    assert record.result["rejected"] == 3
    for name, seen in (("Cole", {"north", "south", "no unit"}), (limited, {"south"})):
        client = sign_in(name)
        page = client.get(f"/listen/imports/{record.batch}/").content.decode()
        answer = client.get(f"/listen/imports/{record.batch}/rejects.csv")
        taken = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        for told in (page, taken):
            assert {unit for unit in ("north", "south", "no unit") if f"said in {unit}" in told} == seen


def test_who_is_limited_to_a_unit_sees_their_own_rejects_whole(sign_in: SignIn, home: Home, limited: str) -> None:
    carl = sign_in(limited)
    record = store(carl, home, sent(carl, REJECTED))
    assert "said in no unit" in carl.get(f"/listen/imports/{record.batch}/").content.decode()
    assert "said in north" in sign_in("Cole").get(f"/listen/imports/{record.batch}/").content.decode()


def test_a_file_that_waits_is_seen_by_whoever_sent_it_and_who_sees_every_unit(
    sign_in: SignIn, home: Home, limited: str
) -> None:
    address = sent(sign_in("Cole"), ANSWERS, name="ms-novak.csv")
    carl = sign_in(limited)
    for answer in (carl.get(address), carl.get(f"{address}mapping.toml"), carl.post(f"{address}store/")):
        assert answer.status_code == 404
    assert "ms-novak" not in carl.get("/listen/imports/").content.decode()
    assert "ms-novak" not in carl.get("/listen/files/").content.decode()
    key = address.split("/")[-2]
    assert "novak" not in str(find_thing(f"import:{key}", access_of(home, limited, at=now())))
    assert "ms-novak" in sign_in("Eng").get(address).content.decode()


def test_who_is_limited_to_a_unit_takes_back_their_own_imports_alone(sign_in: SignIn, home: Home, limited: str) -> None:
    cole, carl = sign_in("Cole"), sign_in(limited)
    record = store(cole, home, sent(cole, many_answers(40)))
    assert "Undo this import" not in carl.get(f"/listen/imports/{record.batch}/").content.decode()
    answer = carl.post(f"/listen/imports/{record.batch}/undo/", {"reason": "x"})
    assert answer.status_code == 403
    assert "this import may hold signals of others" in answer.content.decode()
    own = store(carl, home, sent(carl, many_answers(44)))
    assert carl.post(f"/listen/imports/{own.batch}/undo/", {"reason": "x"}).status_code == 302


def test_a_waiting_import_can_be_stopped_and_begun_again(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    address = sent(client, many_answers(40))
    client.post(f"{address}store/")
    record = FileImport.objects.get()
    assert record.state == ImportState.WAITING
    page = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in page
    client.post(f"{address}stop/")
    assert carry_out(home, record.pk, at=now()) is None
    assert not stored(home)
    assert store(client, home, address).state == ImportState.DONE


def test_a_running_import_stops_at_its_next_step_and_stores_nothing(
    sign_in: SignIn, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openxmo.office.listen.actions.storing.TOLD_EVERY", -1.0)
    monkeypatch.setattr("openxmo.core.signals.door.mapped_batches.TOLD_EVERY", 10)
    client = sign_in("Cole")
    address = sent(client, many_answers(40))
    client.post(f"{address}store/")
    FileImport.objects.update(stop=True)
    record = carry_out(home, FileImport.objects.get().pk, at=now())
    assert record is not None
    assert record.state == ImportState.STOPPED
    assert not stored(home)


def test_an_import_whose_worker_was_killed_is_gone_on_with_and_doubles_nothing(
    sign_in: SignIn, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("Cole")
    address = sent(client, many_answers(40))
    client.post(f"{address}store/")
    key = FileImport.objects.get().pk

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr("openxmo.office.listen.actions.storing.keep_tidy", die)
    with pytest.raises(Killed):
        carry_out(home, key, at=now())
    monkeypatch.undo()
    assert FileImport.objects.get().state == ImportState.RUNNING
    assert carry_out(home, key, at=now()) is None  # its worker may still live
    FileImport.objects.update(touched_at=now() - drop_after())
    assert left_over(at=now()) == [key]
    record = carry_out(home, key, at=now())
    assert record is not None
    assert (record.state, record.result["accepted"]) == (ImportState.DONE, 40)
    assert len(stored(home)) == 40


def drop_after() -> Any:
    from datetime import timedelta

    return timedelta(minutes=5)


def test_a_file_that_nobody_goes_on_with_is_taken_away_after_a_week(sign_in: SignIn, home: Home) -> None:
    client = sign_in("Cole")
    address = sent(client, ANSWERS)
    record = FileImport.objects.get()
    assert drop_left_files(home, at=now()) == 0
    assert drop_left_files(home, at=now() + drop_after() * 2016 + drop_after()) == 1
    assert not folder_of(home, record).exists()
    assert client.get(address).status_code == 400
