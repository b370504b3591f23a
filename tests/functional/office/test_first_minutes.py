"""The first five minutes of each person: they sign in, read their own page, see what is true, and do their deed.

The numbers are those that the story plants; the tests leave them as they found them, whichever runs first.
"""

import re

import pytest

from tests.functional.office.conftest import People
from tests.functional.office.reading import Reader, numbers_in

SHIFT = "Everybody is ready to help the first customer the minute the shift starts."
CHECK = "Activation check in 18 of 36 districts, drawn by lot"

# Of the metrics that were heard in two whole months, nothing is planted in the last one.
COMPARED = r"^None of 3\d metrics moved by more than chance"

# Everybody who is not met below: their first page, and what it must say of the story.
OTHERS = {
    "tobias.lind": ("Which surveys run?", r"No survey is open"),
    "irene.falk": ("What came in, and did we lose any?", r"62\d,\d{3} signals were received.* None is lost"),
    "edda.wren": ("What moved and is real?", COMPARED),
    "quinn.abel": ("What is being asked of us?", r"1 request waits .*Hub 3 mean"),
    "kaya.lorne": ("What is being asked of us?", r"1 request waits .*Hub 3 mean"),
    "marc.ellery": ("What is being asked of us?", r"1 request waits .*, 1 of them past its time.*“same evening”"),
    "lars.ness": ("Where does the process fail the customer?", r"contact reason “activation”"),
    "delia.marr": ("Where does the process fail the customer?", r"contact reason “activation”"),
    "ruth.keel": ("Can we trust our scores?", r"Not everywhere"),
    "stefan.hume": ("Who did what?", r"\d+ acts are recorded"),
    "ada.novak": ("What came in, and did we lose any?", r"62\d,\d{3} signals were received.* None is lost"),
    "zoe.trent": ("Who can sign in?", r"30 people can sign in"),
}


def test_the_lead_sees_the_gap_what_moved_and_what_is_stuck(people: People) -> None:
    maren = people["maren.holt"]
    assert maren.title == "Where do we stand?"
    assert {5, 6, 3, 23, 2} <= set(numbers_in(maren.answer))  # of 6 ambitions 5 missed; 3 of 23 cases late; 2 silent
    assert "66.9" in maren.row(SHIFT)
    maren.wait_until_loaded()
    assert "23 cases are open" in maren.part("What is stuck")
    assert "Staged firmware 3.3" in maren.part("Verdicts that are near")
    assert "2 places score differently" in maren.part("Whether our scores can be trusted")
    maren.show("stand")
    maren.page.locator("main tr", has_text=SHIFT).get_by_role("link").first.click()
    assert {66.85, 80, 13.15, 6.25} <= set(numbers_in(maren.answer))
    for indicator, gap in (("tickets solved in time", "6.25"), ("log-in time", "5.40"), ("effort to be ready", "1.50")):
        assert gap in maren.row(indicator)
    maren.show("gap")


def test_the_analyst_asks_why_and_gets_parts_that_add_up(people: People) -> None:
    samir = people["samir.dahl"]
    assert samir.title == "What moved and is real?"
    assert re.search(COMPARED, samir.answer)
    samir.go("Home", "Where do I start?")
    samir.follow("Why did it move?")
    samir.follow("See it on its page")
    assert samir.title == "Why did CSAT move?"
    before, after, change, _low, _high, mix, rate = numbers_in(samir.answer.partition("It lies")[0])[:7]
    assert before == pytest.approx(71.1, abs=0.3)
    assert after == pytest.approx(65.8, abs=0.3)
    assert mix + rate == pytest.approx(change, abs=0.006)
    assert mix == pytest.approx(-3.135, abs=0.1)
    assert "It lies in chat, hub 3" in samir.answer
    assert "Only what counts" in samir.text  # everything received is what was asked
    samir.show("why")


def test_an_agent_closes_the_loop_by_the_keyboard_alone(people: People) -> None:
    jonas = people["jonas.birk"]
    assert jonas.title == "Who needs us today?"
    assert numbers_in(jonas.answer)[0] == 3
    jonas.show("desk")
    keys = jonas.page.keyboard
    keys.press("j")
    keys.press("Enter")
    jonas.wait_for("This customer lately")
    assert "left" in jonas.answer
    assert "Nobody called back." in jonas.part("What they said")
    keys.press("t")
    jonas.wait_for("You have this case.")
    keys.press("r")
    keys.press("Tab")
    keys.type("I called: the technician comes today at five.")
    keys.press("Tab")
    keys.press("Enter")
    jonas.wait_for("Noted down.")
    assert "the technician comes today at five" in jonas.part("The conversation")
    assert "given today" in jonas.text


def test_a_team_lead_sees_who_waits_and_gives_a_case_out(people: People) -> None:
    greta = people["greta.fenn"]
    assert numbers_in(greta.answer)[0] == 6
    assert "Nobody has these yet" in greta.text
    greta.follow("Give out several at once")
    greta.page.locator("tr", has_text="calder-2").first.get_by_role("checkbox").check()
    greta.choose("Give the ticked cases to", "lena.marsh")
    greta.press("Give out")
    assert "lena.marsh 4" in greta.text


def test_a_team_lead_was_told_of_the_late_case(people: People) -> None:
    """The ladder: whoever leads the team had a letter when the clock ran out, and the case says so."""
    carla = people["carla.stone"]
    assert "1 past" in carla.answer
    carla.page.locator("main tr", has_text="late").first.get_by_role("link").first.click()
    assert "late" in carla.answer
    carla.wait_for("Who was told")
    assert "carla.stone" in carla.part("Who was told")


@pytest.mark.capability("ROLE-04")
def test_a_receiving_team_accepts_declines_with_a_reason_and_counters(people: People) -> None:
    maren, petra = people["maren.holt"], people["petra.sund"]
    asked = ("Print the lights' meaning on the router", "Drop the evening promise", "Mail a new router to all")
    for words in asked:
        ask_product(maren, words)
    petra.open_front()
    assert petra.title == "What is being asked of us?"
    assert "3 requests wait for our answer" in petra.answer
    petra.show("asked-of-us")
    answer(petra, asked[0], re.compile("^Accept"), "")
    answer(petra, asked[1], re.compile("^Decline"), "")
    assert "Say why you decline" in petra.text  # and nothing is answered yet
    petra.choose("Your answer", re.compile("^Decline"))
    petra.write("Your reason, or what you would do instead", "It is why they come to us.")
    petra.press("Answer")
    answer(petra, asked[2], re.compile("^Counter"), "To the 400 with the most drop-outs first.")
    petra.open_front()
    assert "Nothing waits for our answer" in petra.answer
    maren.go("Act", "What have we asked of others?")
    assert "accepted" in maren.row(asked[0])
    assert "declined" in maren.row(asked[1])
    assert "countered" in maren.row(asked[2])
    assert "2 / 4" in maren.row("Product and policy")  # accepted, of what it answered
    assert "Staged firmware 3.3" in maren.row("Hold firmware 3.2 back")  # what came of it


def ask_product(maren: Reader, words: str) -> None:
    maren.go("Act", "What have we asked of others?")
    maren.follow("Ask a team")
    maren.write("What is asked", words)
    maren.choose("Of which team", "Product and policy")
    maren.choose("By which lever", "product and policy")
    maren.write("Why, in plain words", "An agent explains it by heart in half of the chats.")
    maren.choose("How strong is the evidence", re.compile("^fair"))
    maren.write("What we may have wrong", "Who calls may call anyhow.")
    maren.press("Send")
    maren.wait_for("Sent.")


def answer(petra: Reader, asked: str, how: re.Pattern[str], said: str) -> None:
    petra.open_front()
    petra.follow(asked)
    petra.choose("Your answer", how)
    petra.write("Your reason, or what you would do instead", said)
    petra.press("Answer")


@pytest.mark.capability("XMO-25")
def test_an_executive_sees_the_worth_what_was_proved_and_what_is_next(people: People) -> None:
    victor = people["victor.lang"]
    assert victor.title == "What is our experience worth, and what is next?"
    assert "signed by finance" in victor.answer
    assert "Activation check in the other 18 districts" in victor.answer
    proved = victor.part("What was proved")
    for words in (f"{CHECK} effect", "Scripts for the twelve agents", "no effect larger than", "harm"):
        assert words in proved
    victor.show("worth", whole=True)
    victor.follow(CHECK)
    effect, _level, low, high, promised = numbers_in(victor.answer.partition(" by ")[2])
    assert effect == pytest.approx(8.0, abs=0.5)
    assert low < 8 < high
    assert promised == 6
    assert "Baseline, frozen on 21 Sep 2025" in victor.text
    assert "Drawn by lot" in victor.text


def test_the_executives_page_prints_on_one_sheet(people: People) -> None:
    victor = people["victor.lang"]
    victor.open_front()
    victor.page.get_by_role("heading", name="What is next", exact=True).wait_for()
    sheets = re.findall(rb"/Type\s*/Page\b", victor.page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) == 1


def test_a_people_leader_sees_groups_and_nobody_in_them(people: People) -> None:
    petronella = people["petronella.ash"]
    assert petronella.title == "How is my team?"
    assert "to protect the people in them" in petronella.answer
    assert "3.2" in petronella.row("renwick")
    petronella.show("team")
    petronella.page.get_by_label("By", exact=True).select_option(label="Team of the staff")
    petronella.page.wait_for_url(re.compile("by=staff_team"))
    shown = re.findall(r"\bn ([\d,]+)", petronella.text)
    assert shown
    assert min(int(count.replace(",", "")) for count in shown) >= 10
    assert "fewer than 10 people are never shown" in petronella.text


@pytest.mark.parametrize("name", OTHERS)
def test_everybody_else_begins_on_a_page_that_is_true(people: People, name: str) -> None:
    reader = people[name]
    title, said = OTHERS[name]
    assert reader.title == title
    assert re.search(said, reader.answer), reader.answer


def test_finance_signs_the_money_that_follows_from_a_verdict(people: People) -> None:
    """Judged again, so that the old claim is void; claimed by who runs it, and signed."""
    lars, felix = people["lars.ness"], people["felix.grant"]
    assert felix.title == "What have we earned?"
    signed = numbers_in(felix.answer)[0]
    lars.go("Prove", "What is under way?")
    lars.follow(CHECK)
    lars.press("Judge again, by the numbers of now")
    lars.follow("Claim the money")
    lars.write("What is counted", "activations in the 18 districts")
    for name, value in CLAIM.items():
        lars.page.locator(f"[name={name}]").fill(value)
    lars.write("What must hold", "A repeat avoided saves one contact at its average cost.")
    lars.press("What does it come to?")
    assert "net, if finance signs" in lars.answer
    lars.press("Send it to finance")
    felix.page.reload()
    assert "waits for finance" in felix.answer
    felix.unfold(f"Answer “{CHECK}”")
    felix.show("sign")
    felix.press("Sign for finance")
    assert "waits for finance" not in felix.answer
    assert numbers_in(felix.answer)[0] == pytest.approx(signed, rel=0.02)
    assert "felix.grant" in felix.row(CHECK)


CLAIM = {
    "volume_likely": "36000",
    "value_likely": "6.8",
    "cost_likely": "4000",
    "period_from": "2025-11-01",
    "period_to": "2026-11-01",
}
