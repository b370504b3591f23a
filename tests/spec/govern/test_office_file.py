"""The office file: what it says is what the office is, both ways, and what it gets wrong is said in a sentence."""

import contextlib
import re
import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openxmo.core.errors import UnreadableInput, UserError, WrongUsage
from openxmo.core.metrics.checks import check_metric
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric, Score
from openxmo.office.govern.checks import check_office
from openxmo.office.govern.form import read_form
from openxmo.office.govern.office import Office
from openxmo.office.govern.organisation import Unit
from openxmo.office.portability.office_file import parse_office, write_office
from openxmo.office.portability.toml import write_lines
from tests.repo.references import PROJECT
from tests.spec.govern.offices import offices

NPS = '[[metric]]\nkey = "nps"\nsignal = "nps"\nscore = { kind = "nps" }\n'


def complaint_about(text: str) -> str:
    with pytest.raises(UnreadableInput) as caught:
        check_office(parse_office(text))
    return caught.value.what


# ROUND TRIP


@given(offices())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_an_office_comes_back_from_its_file_as_it_was(office: Office) -> None:
    text = write_office(office)
    assert parse_office(text) == office
    assert write_office(parse_office(text)) == text


@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.text()
            | st.booleans()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.integers(-(2**53), 2**53)
            | st.dates(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ),
    )
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_table_is_written_as_toml_reads_it(table: dict[str, Any]) -> None:
    assert tomllib.loads(write_lines(table)) == table


def test_the_order_of_a_file_does_not_matter() -> None:
    a, b = (Metric(key=key, signal="x", score=Score(kind="mean")) for key in "ab")
    assert Office(metrics=(b, a)) == Office(metrics=(a, b))
    assert write_office(Office(metrics=(b, a))) == write_office(Office(metrics=(a, b)))


def test_a_metric_of_the_contract_reads_as_it_is_written_there() -> None:
    office = parse_office(
        """
        [[metric]]
        key = "nps"
        signal = "nps"
        where = { source = "sfo", "exists:transferred" = true, "attrs.wave" = 2 }
        score = { kind = "nps" }
        unit = "points"
        better = "higher"
        min_n = 30
        """
    )
    metric = office.metrics[0]
    assert metric.where == {"source": "sfo", "exists:transferred": True, "attrs.wave": 2.0}
    assert metric == Metric(key="nps", signal="nps", score=Score(kind="nps"), where=metric.where, unit="points")


def test_a_date_may_stand_with_or_without_quotes() -> None:
    bare = parse_office('[[unit]]\nkey = "north"\nvalid_from = 2024-01-31\n')
    quoted = parse_office('[[unit]]\nkey = "north"\nvalid_from = "2024-01-31"\n')
    assert bare == quoted == Office(units=(Unit(key="north", valid_from=date(2024, 1, 31)),))
    assert parse_office(f'{NPS}[[ambition]]\nkey = "a"\nmetric = "nps"\ntarget = 50\nby = 2026-12-31').ambitions[
        0
    ].by == ("2026-12-31")


def test_only_key_signal_and_score_are_required_in_a_metric() -> None:
    assert parse_office(NPS).metrics == (Metric(key="nps", signal="nps", score=Score(kind="nps")),)
    for missing in ("key", "signal", "score"):
        text = "\n".join(line for line in NPS.splitlines() if not line.startswith(missing))
        assert f"{missing} is missing" in complaint_about(text)


# WHAT IS WRONG, AND WHERE


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (NPS + 'beter = "higher"', '[[metric]] "nps": unknown key "beter", did you mean "better"?'),
        (NPS.replace("kind =", "knid ="), '[[metric]] "nps": unknown key "score.knid", did you mean "kind"?'),
        (NPS.replace('kind = "nps"', 'kind = "npss"'), 'score.kind knows no "npss", did you mean "nps"?'),
        (NPS.replace("[[metric]]", "[[metrics]]"), 'unknown key "metrics", did you mean "metric"?'),
        (NPS.replace("[[metric]]", "[metric]"), "`metric` must be a list of tables: write [[metric]]."),
        (NPS.replace('key = "nps"', 'key = "NPS"'), '[[metric]] "NPS": key "NPS" must be a small letter,'),
        (NPS.replace('signal = "nps"', 'signal = ""'), '[[metric]] "nps": signal "" must be at least one word.'),
        (NPS.replace('signal = "nps"', 'signal = "  "'), '[[metric]] "nps": signal "  " must be at least one word.'),
        (NPS.replace('key = "nps"', f'key = "{"n" * 81}"'), f'"{"n" * 60}…": key has 81 letters, and may have 80.'),
        (NPS.replace('signal = "nps"', f'signal = "{"n" * 201}"'), "signal has 201 letters, and may have 200."),
        ('[[dimension]]\nkey = "late"\nlink = "issue"\nsignal = ""', '[[dimension]] "late": signal "" must be'),
        (NPS + NPS, '[[metric]] "nps": stands twice in the file.'),
        (NPS + 'min_n = "many"', '[[metric]] "nps": min_n must be a whole number, not text.'),
        (NPS + "min_n = 0", '[[metric]] "nps": min_n: expected `int` >= 1.'),
        (NPS + 'better = "more"', '[[metric]] "nps": better knows no "more": it is one of higher, lower.'),
        ("[[metric]]\nsignal = 'x'\n", "[[metric]] number 1: key is missing."),
        ('[office]\ncurency = "EUR"', '[office]: unknown key "curency", did you mean "currency"?'),
        ("[office.minimum_groups]\nemployees = 4", "[office]: minimum_groups.employees: expected `int` >= 5."),
        ('[[rule]]\nkind = "closed_lop"\nkey = "a"', 'kind knows no "closed_lop", did you mean "closed_loop"?'),
        ('[[rule]]\nkey = "a"', '[[rule]] "a": kind is missing: it is one of '),
        (
            '[[rule]]\nkind = "root_cause"\nkey = "a"\ncases = 5\nsevere_cases = 3\nwithin = "a month"',
            '[[rule]] "a": within "a month" must be a length of time, like `4 business hours` or `30 days`.',
        ),
        ('[[calendar]]\nkey = "c"\nhours = { mnday = ["09:00-17:00"] }', '[[calendar]] "c": hours knows no "mnday"'),
        (NPS + "where = { value = nan }", "must be a number, not nan"),
        ("metric = [1, 2]", "[[metric]] number 1: must be a table."),
    ],
)
def test_a_wrong_form_is_named_with_its_place_and_the_nearest_known_name(text: str, sentence: str) -> None:
    assert sentence in complaint_about(text)


def test_the_longest_key_that_is_taken_has_eighty_letters() -> None:
    key = "n" * 80
    assert parse_office(NPS.replace('key = "nps"', f'key = "{key}"')).metrics[0].key == key


def test_a_metric_of_ones_own_without_a_signal_is_refused_with_a_sentence() -> None:
    with pytest.raises(WrongUsage, match="names no signal"):
        check_metric(Metric(key="x", signal=" ", score=Score(kind="mean")), Definitions())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[office]\nzone = "Europe/Berlim"', '"Europe/Berlim" is no time zone, did you mean "Europe/Berlin"?'),
        ('[office]\nzone = "../etc/passwd"', "is no time zone"),
        ('[office]\ncurrency = "EURO"', '"EURO" is no currency'),
        ("[office.minimum_groups]\nemployees = 25", "comments must not be fewer than employees"),
        (
            '[office.agent_disclosure]\npurpose = "x"\nlegal_basis = " "\nconsultation = "x"',
            "[office]: agent_disclosure.legal_basis says nothing.",
        ),
        ('[[source]]\nkey = "crm"\nzone = "Mars"', '[[source]] "crm": "Mars" is no time zone'),
        ('[[source]]\nkey = "crm"\nscale = "1-5"', '[[source]] "crm": scale "1-5" must be a scale'),
        ('[[unit]]\nkey = "a"\nparent = "b"', '[[unit]] "a": there is no unit "b" for a parent'),
        ('[[unit]]\nkey = "a"\nparent = "b"\n[[unit]]\nkey = "b"\nparent = "a"', '[[unit]] "a": is a part of itself'),
        ('[[unit]]\nkey = "a"\nvalid_from = 2024-01-01\nvalid_to = 2024-01-01', "valid_to must be after valid_from"),
        ('[[person]]\nname = "ann"\nroles = ["analist"]', 'there is no role "analist", did you mean "analyst"?'),
        ('[[person]]\nname = "ann"\nroles = ["analyst"]\nunits = ["x"]', '[[person]] "ann": there is no unit "x"'),
        ('[[person]]\nname = "ann"\nroles = ["analyst"]\nsecond_reader = "ann"', 'there is no person "ann"'),
        (NPS + "where = { chanel = 'chat' }", "[[metric]] \"nps\": there is no dimension 'chanel'"),
        (NPS + "counter_metric = 'csat'", "[[metric]] \"nps\": there is no metric 'csat'"),
        (NPS + "refused_by = ['agnt']", '[[metric]] "nps": refused_by knows no "agnt", did you mean "agent"?'),
        (NPS.replace('kind = "nps"', 'kind = "top_box"'), '[[metric]] "nps": a top_box score needs `top`.'),
        ('[[dimension]]\nkey = "late"\nsignal = "delivered"', '[[dimension]] "late": link is missing'),
        ('[[dimension]]\nkey = "late"\ncolumn = "chanel"', 'column knows no column "chanel", did you mean "channel"?'),
        ('[[dimension]]\nkey = "channel"\ncolumn = "queue"', "is the name of a column of the signal already"),
        ('[[ambition]]\nkey = "a"\ntarget = 80', '[[ambition]] "a": names either a metric or an XLA.'),
        (NPS + '[[ambition]]\nkey = "a"\nmetric = "nsp"\ntarget = 8', 'no metric "nsp", did you mean "nps"?'),
        (NPS + '[[ambition]]\nkey = "a"\nmetric = "nps"\ntarget = 80\nby = "soon"', 'by "soon" is no date'),
        ('[[calendar]]\nkey = "c"\nhours = { mon = ["17:00-09:00"] }', '[[calendar]] "c": '),
        ('[[calendar]]\nkey = "c"', '[[calendar]] "c": the calendar is never open.'),
        ('[[survey]]\nkey = "s"\nquestions = ["csat@1"]', '[[survey]] "s": there is no instrument "csat@1".'),
        ('[[programme]]\nkey = "p"\nsurveys = ["s"]', '[[programme]] "p": there is no survey "s".'),
        ('[[instrument]]\nkey = "i"\nversion = "1"\nwording = "?"', '[[instrument]] "i@1": scale is missing'),
        (
            '[[rule]]\nkind = "closed_loop"\nkey = "r"\nopens_on = "harm_words"\n'
            'first_reply = "1 hour"\ncalendar = "c"',
            '[[rule]] "r": there is no calendar "c".',
        ),
        (
            '[[rule]]\nkind = "complaint"\nkey = "r"\nacknowledge = "1 day"\nupdate = "9 days"\n'
            'final_answer = "8 days"',
            "a final_answer needs the regulator",
        ),
    ],
)
def test_what_does_not_hold_together_is_named(text: str, sentence: str) -> None:
    assert sentence in complaint_about(text)


def xla(*components: tuple[str, float]) -> str:
    parts = ", ".join(
        f'{{ metric = "nps", kind = "{kind}", low = 0, high = 100, weight = {weight} }}' for kind, weight in components
    )
    return f'{NPS}[[xla]]\nkey = "start"\ncomponents = [{parts}]'


def test_the_weights_of_an_xla_add_up_to_one_and_half_of_it_is_what_people_say() -> None:
    assert "must add up to 1, not 0.9" in complaint_about(xla(("X", 0.5), ("O", 0.4)))
    assert "at least half of the weight must be X (what people say), not 0.4" in complaint_about(
        xla(("X", 0.4), ("T", 0.6))
    )
    check_office(parse_office(xla(("X", 0.1), ("X", 0.2), ("X", 0.3), ("O", 0.4))))
    unknown = xla(("X", 1)).replace('metric = "nps",', 'metric = "npx",')
    assert '[[xla]] "start": there is no metric "npx", did you mean "nps"?' in complaint_about(unknown)


def test_a_survey_has_at_most_five_questions() -> None:
    questions = ", ".join(f'"q{number}@1"' for number in range(6))
    assert "[[survey]]" in complaint_about(f'[[survey]]\nkey = "s"\nquestions = [{questions}]')


def test_a_file_that_is_no_toml_says_where_it_breaks() -> None:
    with pytest.raises(UnreadableInput) as caught:
        parse_office('[office]\nname = "A\n')
    assert caught.value.where.startswith("line 2, column")


def test_the_other_mistakes_are_told_with_the_first() -> None:
    with pytest.raises(UnreadableInput) as caught:
        parse_office(NPS + "".join(f"wrong_{number} = 1\n" for number in range(9)))
    assert caught.value.what == '[[metric]] "nps": unknown key "wrong_0".'
    assert caught.value.mend.startswith('Nothing was changed. Also: [[metric]] "nps": unknown key "wrong_1".')
    assert caught.value.mend.endswith("And 3 more.")


def test_the_examples_of_the_how_to_hold_together() -> None:
    page = (PROJECT / "docs" / "how-to" / "change-the-office.md").read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL))
    check_office(parse_office(examples + NPS.replace('key = "nps"', 'key = "fcr7"')))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
NAMES = ("office", "metric", "unit", "person", "rule", "xla", "survey", "key", "name", "kind", "score", "where", "zone")
WORDS = st.sampled_from(NAMES)


@given(
    st.dictionaries(WORDS, st.lists(st.dictionaries(WORDS, ANYTHING, max_size=4), max_size=2) | ANYTHING, max_size=3)
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_document_gives_anything_but_an_office_or_a_sentence(document: dict[str, Any]) -> None:
    with contextlib.suppress(UserError):
        check_office(read_form(document))
