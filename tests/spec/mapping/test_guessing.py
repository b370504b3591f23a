"""A first mapping for a file nobody has described: what is guessed, what is asked, and that the mapping runs."""

import json
from pathlib import Path

import openpyxl
import pytest

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.mapping import load_mapping, map_files
from openxmo.core.signals.mapping.guessing import (
    Answers,
    Plan,
    describe_columns,
    guess,
    look,
    open_questions,
    settle,
    write_mapping,
)


def file(tmp_path: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def plan_of(path: Path, **answers: str) -> tuple[Plan, list[str]]:
    seen = look(path)
    columns = describe_columns(seen)
    plan = settle(guess(seen, source="survey", columns=columns), columns, Answers(**answers))  # type: ignore[arg-type]
    return plan, [f"{question.about}: {question.why}" for question in open_questions(plan, columns)]


def signals_of(tmp_path: Path, path: Path, **answers: str) -> list[dict[str, object]]:
    seen = look(path)
    columns = describe_columns(seen)
    plan = settle(guess(seen, source="survey", columns=columns), columns, Answers(**answers))  # type: ignore[arg-type]
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(write_mapping(plan, seen.form, columns, title='a "title"'), encoding="utf-8")
    rows = list(map_files(load_mapping(mapping), [path]))
    assert [row.error for row in rows if row.error] == []
    return [signal for row in rows for signal in row.signals]


def column(name: str, *values: object, dates: bool = True) -> str:
    """A file of that column, a customer and a day each."""
    lines = [f"customer_id,day,{name}" if dates else f"customer_id,{name}"]
    lines += [f"c{n},2026-03-0{1 + n % 9}T10:00:00Z,{value}" for n, value in enumerate(values)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("name", "values", "measured", "scale"),
    [
        ("NPS", (0, 7, 10), "nps", "0..10"),
        ("Likelihood to recommend", (3, 9, 10), "nps", "0..10"),
        ("eNPS", (3, 9, 10), "enps", "0..10"),
        ("Satisfaction", (1, 4, 5), "csat", "1..5"),
        ("ces_score", (1, 4, 7), "ces", "1..7"),
    ],
)
def test_usual_scores_are_known_by_name_and_range(
    tmp_path: Path, name: str, values: tuple[int, ...], measured: str, scale: str
) -> None:
    plan, asked = plan_of(file(tmp_path, column(name, *values)))
    assert (plan.measures[0].name, plan.measures[0].scale) == (measured, scale)
    assert asked == []


def test_effort_up_to_five_is_asked_for_its_scale_and_direction(tmp_path: Path) -> None:
    path = file(tmp_path, column("effort", 1, 3, 5))
    assert plan_of(path)[1] == ["scale: unknown", "direction: unknown"]
    signals = signals_of(tmp_path, path, scale="1..5", direction="lower")
    assert {signal["scale"] for signal in signals} == {"5..1"}


def test_csat_on_another_scale_is_not_called_csat(tmp_path: Path) -> None:
    plan, asked = plan_of(file(tmp_path, column("satisfaction", 2, 8, 10)), scale="1..10")
    assert plan.measures[0].name == "satisfaction"
    assert asked == []


def test_nps_beside_contacts_is_of_the_contact(tmp_path: Path) -> None:
    text = "contact_id,customer_id,day,nps\nk1,c1,2026-03-01T00:00:00Z,9\nk2,c2,2026-03-01T00:00:00Z,3\n"
    assert [measure.name for measure in plan_of(file(tmp_path, text))[0].measures] == ["tnps"]


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (("03/04/2026", "05/06/2026"), ["when: ambiguous"]),
        (("03/04/2026", "25/06/2026"), ["when: no_zone"]),
        (("03/14/2026", "05/06/2026"), ["when: no_zone"]),
        (("2026-03-14 10:00", "2026-03-15 11:00"), ["when: no_zone"]),
        (("2026-03-14T10:00:00Z", "2026-03-15T11:00:00+02:00"), []),
        (("14.03.2026", "15.03.2026"), ["when: no_zone"]),
        (("soon", "later"), ["when: none"]),
    ],
)
def test_dates_are_asked_about_only_where_they_leave_a_doubt(
    tmp_path: Path, days: tuple[str, str], asked: list[str]
) -> None:
    text = "customer_id,completed,nps\n" + "".join(f"c{n},{day},{n}\n" for n, day in enumerate((*days, *days)))
    assert plan_of(file(tmp_path, text))[1] == asked


def test_a_few_wrong_dates_among_many_do_not_hide_which_column_says_when(tmp_path: Path) -> None:
    days = [f"{13 + n % 15}/03/2026" for n in range(99)]
    lines = [f"c{n},{day},{1 + n % 5}" for n, day in enumerate([*days, "yesterday"])]
    plan, asked = plan_of(file(tmp_path, "customer_id,day,csat\n" + "\n".join(lines)))
    assert (plan.when, plan.dates) == ("day", "%d/%m/%Y")
    assert [question for question in asked if question.startswith("when")] == ["when: no_zone"]


def test_of_two_ways_to_read_dates_the_one_that_reads_all_of_them_is_taken(tmp_path: Path) -> None:
    days = [*("05/03/2026" for _ in range(99)), "25/03/2026"]  # one in a hundred is no date with the month first
    lines = [f"c{n},{day},{1 + n % 5}" for n, day in enumerate(days)]
    plan, _ = plan_of(file(tmp_path, "customer_id,day,csat\n" + "\n".join(lines)))
    assert plan.dates == "%d/%m/%Y"


def test_a_day_answered_for_all_rows_is_used(tmp_path: Path) -> None:
    path = file(tmp_path, "customer_id,nps\nc1,9\nc2,0\n")
    assert plan_of(path)[1] == ["when: none"]
    signals = signals_of(tmp_path, path, day="2026-03-01", zone="Europe/Vienna")
    assert {signal["happened_at"] for signal in signals} == {"2026-02-28T23:00:00+00:00"}


def test_whose_words_they_are_is_asked_where_names_do_not_say_it(tmp_path: Path) -> None:
    text = "respondent,day,nps\nr1,2026-03-01T00:00:00Z,9\nr2,2026-03-02T00:00:00Z,1\n"
    assert plan_of(file(tmp_path, text))[1] == ["who: kind"]


def test_never_more_than_six_questions(tmp_path: Path) -> None:
    text = "x,a,b\n1,03/04/2026,04/05/2026\n4,05/06/2026,06/07/2026\n3,07/08/2026,08/09/2026\n"
    asked = plan_of(file(tmp_path, text))[1]
    assert 3 <= len(asked) <= 6
    assert len({question.partition(":")[0] for question in asked}) == len(asked)


def test_addresses_are_never_taken(tmp_path: Path) -> None:
    text = "customer,day,nps,mail\n" + "".join(f"c{n},2026-03-01T00:00:00Z,{n},a{n}@b.example\n" for n in range(9))
    path = file(tmp_path, text)
    assert plan_of(path)[0].left_out == ("mail",)
    assert "b.example" not in json.dumps(signals_of(tmp_path, path))


def test_names_of_columns_cannot_break_the_mapping(tmp_path: Path) -> None:
    odd = 'odd "name" \\ # [x] = 1'
    text = f'customer,day,nps,"{odd.replace(chr(34), chr(34) * 2)}"\n' + "".join(
        f"c{n},2026-03-01T00:00:00Z,{n % 11},{'ab'[n % 2]}\n" for n in range(20)
    )
    signals = signals_of(tmp_path, file(tmp_path, text))
    assert signals[0]["attrs"] == {odd: "a"}
    with pytest.raises(WrongUsage, match="braces"):
        signals_of(tmp_path, file(tmp_path, text.replace(odd.replace('"', '""'), "a{b}")))


def test_the_same_plan_runs_over_sheets_and_json(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["customer_id", "answered_at", "nps"])
    lines = []
    for n in range(12):
        sheet.append([f"c{n}", f"2026-03-{n + 1:02}T10:00:00Z", n % 11])
        lines.append(
            json.dumps({"customer_id": f"c{n}", "answered_at": f"2026-03-{n + 1:02}T10:00:00Z", "nps": n % 11})
        )
    book.save(tmp_path / "book.xlsx")
    from_sheet = signals_of(tmp_path, tmp_path / "book.xlsx")
    from_json = signals_of(tmp_path, file(tmp_path, "\n".join(lines), "lines.ndjson"))
    facts = [[(s["subject"], s["happened_at"], s["value"]) for s in signals] for signals in (from_sheet, from_json)]
    assert facts[0] == facts[1]
    assert len(facts[0]) == 12


@pytest.mark.parametrize(
    ("text", "name"),
    [(b"", "e.csv"), (b"\x00" * 99, "z.csv"), (b"[1]", "l.json"), (b"PK\x03\x04", "s.xlsx"), (b"PAR1", "p.parquet")],
)
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, text: bytes, name: str) -> None:
    with pytest.raises(UnreadableInput):
        look(file(tmp_path, text, name))


def test_a_plan_with_something_open_is_not_written(tmp_path: Path) -> None:
    seen = look(file(tmp_path, column("effort", 1, 3, 5)))
    columns = describe_columns(seen)
    with pytest.raises(WrongUsage, match="scale"):
        write_mapping(guess(seen, source="s", columns=columns), seen.form, columns, title="t")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "measured"),
    [
        ("tweets_airline/tweets.csv.gz", None),
        ("reviews_skytrax/lounge.csv.gz", "overall_rating"),
        ("sfo_airport_survey/sfo_2017.csv", None),
        ("churn_iranian_telecom/customer_churn.csv", None),
    ],
)
def test_public_data_sets_are_looked_at_without_a_fault(shared_data: Path, name: str, measured: str | None) -> None:
    plan, asked = plan_of(shared_data / "data" / name)
    assert len(asked) <= 6
    assert (plan.measures[0].name if plan.measures else None) == measured or measured is None
