"""The sample organisation's backlog: the page says what is planted in it, and what `xmo rank` says of the same file."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from openxmo.core.decide.items import load_items
from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.core.world.files import BACKLOG_FILE
from openxmo.office.accounts.audit import read_audit
from openxmo.office.decide import queries
from openxmo.office.decide.importing import import_items
from openxmo.office.decide.models import Estimate, Feelings, Item
from openxmo.office.decide.tests.backlog import AT, force, propose
from openxmo.office.decide.vocabulary import read_vocabulary, words_in_force
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.session import Session

Sign = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("home")


def words_of(page: str) -> str:
    """A page as it is read: without marks, and with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def sample(home: Home) -> Home:
    import_items(BACKLOG_FILE, office=read_office(home), by="Ada", at=AT)
    return home


def ranked(home: Home) -> dict[str, Any]:
    words = words_in_force(read_vocabulary(read_office(home)))
    entries = queries.read_entries(Item.objects.all(), words=words, at=AT)
    return queries.rank_items(entries, words=words, rate=queries.find_rate()).to_document()


@pytest.mark.usefixtures("sample")
def test_the_page_says_what_is_planted(sign_in: Sign) -> None:
    said = words_of(sign_in("Lea").get("/decide/").content.decode())
    check = "“Activation check in the other 18 districts”"
    assert f"RICE puts “Chatbot for all channels” first, WSJF and cost/benefit {check}." in said
    assert f"Kano makes {check} a must-be." in said
    assert "+20 % effort flips ranks 2 and 3 by WSJF and RICE." in said
    assert "1 idea is not ranked: it does not yet say what it is for." in said
    assert "14 open ideas, 13 ranked" in said
    assert "“Chatbot for all channels” is number 1 by RICE and number 13 by WSJF." in said
    assert (
        "Leaflet on wifi in old buildings Missing: experience, impact area, journey stage, ambition it serves." in said
    )


def test_the_rows_are_ranked_as_the_command_ranks_the_file(sample: Home) -> None:
    told = Session(sample).rank(BACKLOG_FILE).to_document()  # what `xmo rank FILE --json` prints
    assert ranked(sample) == told
    assert len(told["items"]) == 13


def test_importing_twice_changes_nothing(sample: Home) -> None:
    before = (Item.objects.count(), Estimate.objects.count(), Feelings.objects.count())
    done = import_items(BACKLOG_FILE, office=read_office(sample), by="Ada", at=AT)
    assert (done.added, len(done.known), done.words, done.rate) == ((), 14, (), None)
    assert (Item.objects.count(), Estimate.objects.count(), Feelings.objects.count()) == before


def test_a_file_with_one_impossible_estimate_brings_in_nothing(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "items.toml"
    good = '[[item]]\nkey = "a"\nwsjf = { value = 1, time = 1, risk = 1, size = 1 }\n'
    path.write_text(good + '[[item]]\nkey = "b"\nrice = { reach = 1, impact = 0.7, confidence = 1, effort = 1 }\n')
    with pytest.raises(WrongUsage, match="item b"):
        import_items(path, office=read_office(home), by="Ada", at=AT)
    assert not Item.objects.exists()
    assert not read_audit(what="item proposed").exists()


def test_who_may_not_change_the_office_adds_no_words_by_a_file(home: Home, sign_in: Sign) -> None:
    with BACKLOG_FILE.open("rb") as file:
        answer = sign_in("Ada").post("/decide/import/", {"file": file, "unit": ""}, follow=True)
    said = words_of(answer.content.decode())
    assert "14 ideas came in, 0 were known" in said
    assert "Words that the office does not have:" in said
    assert "14 ideas are not ranked" in said
    with BACKLOG_FILE.open("rb") as file:
        again = sign_in("Lea").post("/decide/import/", {"file": file, "unit": ""}, follow=True)
    assert "0 ideas came in, 14 were known" in words_of(again.content.decode())
    assert ranked(home)["blocked"][0]["key"] == "wifi-leaflet"
    assert len(ranked(home)["items"]) == 13


def test_a_file_that_cannot_be_read_says_so_on_its_form(sign_in: Sign, tmp_path: Path) -> None:
    path = tmp_path / "items.toml"
    path.write_text("this is no toml")
    with path.open("rb") as file:
        answer = sign_in("Ada").post("/decide/import/", {"file": file})
    assert answer.status_code == 422
    assert "The items file cannot be read." in answer.content.decode()
    assert sign_in("Carl").get("/decide/import/").status_code == 403


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("rice", "Chatbot for all channels"),
        ("wsjf", "Activation check in the other 18 districts"),
        ("title", "A bill that is understood at a glance"),
        ("nonsense", "Activation check in the other 18 districts"),
    ],
)
@pytest.mark.usefixtures("sample")
def test_the_table_is_sorted_by_each_ranking(sign_in: Sign, sort: str, first: str) -> None:
    table = sign_in("Lea").get(f"/decide/?sort={sort}").content.decode().split("backlog-table")[1]
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)', table)[0] == first


@pytest.mark.usefixtures("sample")
def test_the_table_is_narrowed_and_the_ranks_stay(sign_in: Sign) -> None:
    lea = sign_in("Lea")
    page = lea.get("/decide/?experience=partner&q=installer").content.decode().split("backlog-table")[1]
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)', page) == [
        "Four installer firms in the North answer within a day"
    ]
    assert '<span class="rank-number">4</span>' in page  # by WSJF, of all thirteen
    assert "No idea fits what you asked for." in lea.get("/decide/?q=unicorn").content.decode()


@pytest.mark.usefixtures("sample")
def test_a_fragment_holds_the_table_alone(sign_in: Sign) -> None:
    headers = {"HX-Request": "true", "HX-Target": "backlog"}
    fragment = sign_in("Lea").get("/decide/?sort=rice", headers=headers).content.decode()
    assert "<html" not in fragment
    assert "backlog-table" in fragment


@pytest.mark.usefixtures("sample")
def test_the_picture_is_drawn_for_each_measure_with_a_table_of_the_same(sign_in: Sign) -> None:
    for kind, count in (("wsjf", 13), ("rice", 13), ("money", 9)):
        page = sign_in("Lea").get(f"/decide/?picture={kind}").content.decode()
        assert page.count('class="picture-point"') == 2 * count  # wide and narrow
        assert page.split("value-against-effort.csv")[0].count("%0D%0A") >= count


@pytest.mark.usefixtures("sample")
def test_one_ideas_page_says_why_it_stands_where_it_stands(sign_in: Sign) -> None:
    item = Item.objects.get(key="activation-check-18")
    said = words_of(sign_in("Eve").get(f"/decide/items/{item.pk}/").content.decode())
    assert "It is number 1 of 13 by WSJF, number 4 of 13 by RICE, number 1 of 10 by Kano" in said
    assert "(13 + 8 + 5) / 3 = 8.7" in said
    assert "5,250 × 1 × 0.80 / 4 = 1,050" in said
    assert "46 of 100 call it must-be (clearly)" in said
    assert "Estimate it" not in said  # an executive looks


@pytest.mark.usefixtures("sample")
def test_the_four_experiences_stand_side_by_side(sign_in: Sign) -> None:
    said = words_of(sign_in("Eve").get("/decide/experiences/").content.decode())
    assert "8 of 14 open ideas are about customers." in said
    assert "Partners none is settled 1 1" in said
    assert "Nobody has said whom these serve Leaflet on wifi in old buildings" in said


def test_no_sentence_names_what_does_not_exist(sign_in: Sign) -> None:
    said = words_of(sign_in("Lea").get("/decide/").content.decode())
    assert "Here the ideas will stand, ranked four ways" in said
    assert "Add the first idea" in said
    assert "Add the first idea" not in words_of(sign_in("Eve").get("/decide/").content.decode())


@pytest.mark.usefixtures("sample")
def test_every_page_of_the_backlog_opens_for_its_keeper(sign_in: Sign) -> None:
    item = Item.objects.get(key="chatbot")
    paths = ["experiences/", "duplicates/", "estimates/", "words/", "import/", "items/new/"]
    paths += [f"items/{item.pk}/{part}" for part in ("", "edit/", "estimate/")]
    lea = sign_in("Lea")
    assert {path: lea.get(f"/decide/{path}").status_code for path in paths} == dict.fromkeys(paths, 200)


def test_words_are_changed_by_those_who_change_the_office(sign_in: Sign) -> None:
    given = {"deed": "add", "facet": "impact_area", "word": "warmth", "label": "", "ambition": ""}
    assert sign_in("Ada").post("/decide/words/", given).status_code == 403
    assert sign_in("Lea").post("/decide/words/", given).status_code == 302
    assert "warmth" in force()["impact_area"]
    retire = {"deed": "retire", "facet": "impact_area", "word": "speed"}
    assert sign_in("Lea").post("/decide/words/", retire).status_code == 302
    assert "speed" not in force()["impact_area"]
    assert sign_in("Lea").post("/decide/words/", {**given, "facet": "experience"}).status_code == 422


def test_the_rate_of_a_year_is_set_with_its_reason(sign_in: Sign) -> None:
    assert sign_in("Lea").post("/decide/words/", {"deed": "rate", "rate": "5"}).status_code == 422
    assert sign_in("Lea").post("/decide/words/", {"deed": "rate", "rate": "5", "why": "finance"}).status_code == 302
    assert queries.find_rate() == pytest.approx(0.05)


def test_a_file_of_items_knows_ranges_for_every_quantity(tmp_path: Path) -> None:
    path = tmp_path / "items.toml"
    path.write_text('[[item]]\nkey = "a"\nwsjf = { value = [5, 8, 13], time = 1, risk = 1, size = 3 }\n')
    part = load_items(path).item[0].wsjf
    assert part is not None
    assert part.value == (5, 8, 13)


@pytest.mark.usefixtures("sample")
def test_an_idea_of_the_north_moves_no_rank_that_carl_sees(sign_in: Sign) -> None:
    before = words_of(sign_in("Carl").get("/decide/").content.decode())
    propose("Secret of the north", unit="north")
    assert words_of(sign_in("Carl").get("/decide/").content.decode()) == before
