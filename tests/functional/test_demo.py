"""The sample organisation through the command: the story finds what is planted, and its twin is told calmly."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import openxmo
from openxmo.cli.story.building import begin_story
from openxmo.core.signals.store.home import Home
from openxmo.core.world.truths import TRUTHS, Truth
from openxmo.core.world.writing import write_world
from tests.functional.conftest import SMALL
from tests.functional.homes import NOON, Answer, ask, refuse, xmo, xmo_alone

TRUTH = {truth.key: truth for truth in TRUTHS}
STEPS = ["heard", "trusted", "gap", "moved", "next", "needed", "proved", "earned", "own_file"]
TABLES = 8  # those of the steps, and who signs in
INITIATIVES = ["check", "scripts", "cap", "firmware"]
Story = dict[str, Any]


def tell(home: Path) -> Story:
    answer = xmo_alone("demo", home, "--json", *([] if planted(home) else ["--nothing-planted"]))
    assert answer.code == 0, answer.err
    document: Story = answer.document
    return document


def tell_in_words(home: Path) -> Answer:
    return xmo_alone("demo", home, "--no-serve", *([] if planted(home) else ["--nothing-planted"]))


def planted(home: Path) -> bool:
    return bool(json.loads((home / "sample.json").read_text(encoding="utf-8"))["planted"])


@pytest.fixture(scope="module")
def story(northlight: Path) -> Story:
    return tell(northlight)


@pytest.fixture(scope="module")
def calm(twin: Path) -> Story:
    return tell(twin)


def proofs(story: Story) -> dict[str, dict[str, Any]]:
    return dict(zip(INITIATIVES, story["proved"]["proofs"], strict=True))


def near(key: str) -> Any:
    return pytest.approx(TRUTH[key].figure, abs=TRUTH[key].tolerance)


# WHAT THE STORY FINDS


def test_the_story_has_its_steps_and_all_signals_came_in(story: Story) -> None:
    assert list(story) == ["as_of", "planted", *STEPS, "sign_ins"]
    assert 500_000 < story["heard"]["signals"] < 700_000
    assert all(row["validity"] == 1 for row in story["heard"]["sources"])


def test_withheld_answers_are_seen_by_setting_reported_beside_received(story: Story) -> None:
    found = story["trusted"]
    assert found["reported"]["value"] == near("calder-reported")
    assert found["received"]["value"] == near("calder-true")
    assert found["reported"]["low"] > found["received"]["high"]
    assert list(found["reported"]["excluded"]) == ["duplicate"]
    assert found["raw"]["value"] - found["weighted"]["value"] == near("raw-csat-too-high")


def test_the_gap_of_the_start_of_shift_is_taken_apart(story: Story) -> None:
    row = {row["ambition"]: row for row in story["gap"]["gaps"]}["start_of_shift"]
    assert row["delivered"] == near("xla-delivered")
    assert row["gap"] == pytest.approx(13.15, abs=0.01)
    parts = {part["metric"]: part["gap"] for part in row["components"]}
    assert parts == {
        "it_satisfaction": pytest.approx(0, abs=0.01),
        "it_effort": pytest.approx(1.5, abs=0.01),
        "it_in_time": pytest.approx(6.25, abs=0.01),
        "login_time": pytest.approx(5.4, abs=0.01),
    }


def test_the_move_of_satisfaction_is_told_with_its_parts_and_its_cause(story: Story) -> None:
    found = story["moved"]["explanation"]
    assert found["change"]["value"] == near("csat-change")
    assert found["change"]["p"] < 0.05
    moved = sum(part["mix"] + part["rate"] for part in found["parts"])
    assert moved == pytest.approx(found["change"]["value"], abs=1e-9)
    assert [cell["by"] for cell in found["localised"]] == [{"channel": "chat", "product": "hub_3"}]


def test_the_shift_to_chat_and_the_lower_scores_are_told_apart(northlight: Path, story: Story) -> None:
    words = [("channel" if word == "channel,product" else word) for word in story["moved"]["command"]]
    parts = ask(northlight, *words, "--as-of", NOON.isoformat())["parts"]
    assert sum(part["mix"] for part in parts) == near("mix")
    assert sum(part["rate"] for part in parts) == near("rate")


def test_the_backlog_is_ranked_four_ways_that_disagree(story: Story) -> None:
    ranking = story["next"]["ranking"]
    first = {by: row["key"] for row in ranking["items"] for by in ("wsjf", "rice") if (row[by] or {}).get("rank") == 1}
    assert first == {"rice": "chatbot", "wsjf": "activation-check-18"}
    check = next(row for row in ranking["items"] if row["key"] == first["wsjf"])
    assert check["kano"]["category"] == "M"
    flipped = {(flip["key"], flip["by"]) for flip in ranking["flips"]}
    assert flipped & {
        (row["key"], by) for row in ranking["items"] for by in ("wsjf", "rice") if row[by]["rank"] in (2, 3)
    }
    assert [row["key"] for row in ranking["blocked"]] == ["wifi-leaflet"]


def test_each_initiative_gets_the_verdict_that_is_planted(story: Story) -> None:
    found = proofs(story)
    words = {name: proof["verdict"]["word"] for name, proof in found.items()}
    assert words == {
        "check": "effect",
        "scripts": "no effect larger than",
        "cap": "harm",
        "firmware": "not yet knowable",
    }
    # Repeats fall by 8 points, so that what is solved rises by as much.
    assert found["check"]["effect"]["value"] == pytest.approx(-TRUTH["check-there"].figure, abs=0.8)
    assert found["cap"]["effect"]["value"] == near("cap-fcr7")
    due = found["firmware"]["verdict"]["until"][:10]
    assert due == (NOON + timedelta(days=91 - 35)).date().isoformat()


def test_picking_the_worst_looks_like_success_only_without_a_comparison(story: Story) -> None:
    scripts = proofs(story)["scripts"]
    assert scripts["alone"]["moved"]["change"] == near("scripts-before-after")
    assert (scripts["alone"]["verdict"], scripts["alone"]["moved"]["label"]) == (None, "not evidence of effect")
    assert abs(scripts["effect"]["value"]) < 1
    assert scripts["effect"]["low"] < 0 < scripts["effect"]["high"]


# THE TWIN


def test_the_twin_is_told_calmly(calm: Story) -> None:
    trusted = calm["trusted"]
    assert trusted["reported"] == trusted["received"]
    assert trusted["raw"]["value"] == pytest.approx(trusted["weighted"]["value"], abs=0.02)
    moved = calm["moved"]["explanation"]
    assert moved["change"]["p"] > 0.05
    assert moved["localised"] == []
    start = {row["ambition"]: row for row in calm["gap"]["gaps"]}["start_of_shift"]
    assert start["gap"] == pytest.approx(0, abs=0.01)
    words = {name: proof["verdict"]["word"] for name, proof in proofs(calm).items()}
    assert words.pop("firmware") == "not yet knowable"  # its time is not over, whatever was planted
    assert set(words.values()) == {"no effect larger than"}


def test_the_words_of_the_twin_are_calm(twin: Path) -> None:
    told = tell_in_words(twin).out
    for said in ("Yes: no answer is left out.", "within noise.", "No part moved differently from the rest"):
        assert said in told
    assert "Not as it stands" not in told
    assert "Look at " not in told
    assert "−0.00" not in told


# WHAT A PERSON READS


@pytest.fixture(scope="module")
def told(northlight: Path) -> str:
    return tell_in_words(northlight).out


def test_every_initiative_ends_in_its_verdict(told: str) -> None:
    lines = [line for line in told.splitlines() if line.startswith("verdict:")]
    starts = ["effect", "no effect larger than", "harm", f"not yet knowable until {NOON + timedelta(days=56):%Y-%m-%d}"]
    assert len(lines) == len(starts)
    assert all(line.startswith(f"verdict: {start}") for line, start in zip(lines, starts, strict=True))
    assert lines[1].endswith(" points")


def test_the_story_fits_a_narrow_terminal(northlight: Path, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    narrow = tell_in_words(northlight).out
    for text, width in ((told, 120), (narrow, 80)):
        rules = [line for line in text.splitlines() if line.startswith("──")]
        assert len(rules) == TABLES
        assert max(map(len, rules)) <= width
        assert all(f"\n{number}. " in text for number in range(1, len(STEPS) + 1))


def test_every_command_that_is_shown_gives_what_was_told(northlight: Path, story: Story) -> None:
    now = ("--as-of", NOON.isoformat())
    assert ask(northlight, *story["heard"]["command"])["rows"] == story["heard"]["sources"]
    assert ask(northlight, *story["trusted"]["command"], *now)["rows"] == [story["trusted"]["received"]]
    assert ask(northlight, *story["gap"]["command"], *now)["rows"] == story["gap"]["gaps"]
    assert ask(northlight, *story["moved"]["command"], *now) == story["moved"]["explanation"]
    assert ask(northlight, *story["next"]["command"]) == story["next"]["ranking"]
    for proof in story["proved"]["proofs"]:
        asked = ask(northlight, *proof["command"], *now)
        assert asked == {key: proof[key] for key in asked}


# TRUTHS THAT ONE SCORE SHOWS: by the metric and the months of the truth, narrowed by what its place says

NARROWED: dict[str, dict[str, Any]] = {
    "ces1": {},
    "ces2": {},
    "calder-true": {"where": {"site": "calder"}, "include_excluded": True},
    "calder-reported": {"where": {"site": "calder"}},
    "csat-before": {"include_excluded": True},
    "csat-after": {"include_excluded": True},
    "phone-after": {"where": {"channel": "phone"}, "include_excluded": True},
    "chat-hub3-before": {"where": {"channel": "chat", "product": "hub_3"}, "include_excluded": True},
    "chat-hub3-after": {"where": {"channel": "chat", "product": "hub_3"}, "include_excluded": True},
    "chat-other-after": {"where": {"channel": "chat", "product": "hub_2"}, "include_excluded": True},
    "dropouts-old": {"where": {"firmware": "3.1"}},
    "dropouts-new": {"where": {"firmware": "3.2"}},
    "installed-on-time": {},
    "expected-before": {},
    "expected": {},
    "experienced": {},
    "fcr-stated": {},
    "fcr7": {},
    "training": {},
    "staff-before": {"where": {"staff_site": "brenwick"}},
    "staff-after": {"where": {"staff_site": "brenwick"}},
    "firms-slow-hours": {"where": [("installer", f"firm-{number}") for number in range(1, 5)]},
    "firms-slow-days": {"where": [("installer", f"firm-{number}") for number in range(1, 5)]},
    "nps-first": {},
    "nps-second": {},
    "coast": {"where": {"region": "coast"}},
}
NEVER_ASKED = {"ces1"}  # in the twin


def measure(session: openxmo.Session, truth: Truth) -> float | None:
    since, until = truth.days(NOON)
    (row,) = session.score(truth.metric, since=since, until=until, **NARROWED[truth.key]).to_document()["rows"]
    value: float | None = row["value"]
    return value


@pytest.fixture(scope="module")
def asking(northlight: Path) -> openxmo.Session:
    return openxmo.open(northlight, clock=lambda: NOON)


@pytest.fixture(scope="module")
def asking_twin(twin: Path) -> openxmo.Session:
    return openxmo.open(twin, clock=lambda: NOON)


@pytest.mark.parametrize("key", NARROWED)
def test_a_score_shows_what_is_planted(asking: openxmo.Session, key: str) -> None:
    assert measure(asking, TRUTH[key]) == near(key)


@pytest.mark.parametrize("key", [key for key in NARROWED if key not in NEVER_ASKED])
def test_a_score_of_the_twin_shows_that_nothing_is(asking_twin: openxmo.Session, key: str) -> None:
    truth = TRUTH[key]
    assert measure(asking_twin, truth) == pytest.approx(truth.calm, abs=max(truth.tolerance, 0.03 * truth.calm))


def test_the_smallest_team_and_one_sibling_are_not_shown(northlight: Path) -> None:
    days = ("--since", "2026-10-01", "--until", "2026-11-01")
    rows = ask(northlight, "score", "tools_knowledge", "--by", "staff_team", *days)["rows"]
    hidden = [row for row in rows if row["suppressed"] == "privacy"]
    assert [(row["n"], row["value"], row["low"]) for row in hidden] == [(None, None, None)] * 2
    assert all(row["n"] >= 10 for row in rows if row not in hidden)


def test_a_rise_of_nps_within_noise_is_called_noise(northlight: Path) -> None:
    ranges = {key: "..".join(map(str, TRUTH[key].days(NOON))) for key in ("nps-first", "nps-second")}
    words = ("--before", ranges["nps-first"], "--after", ranges["nps-second"], "--by", "segment")
    change = ask(northlight, "explain", "nps", *words)["change"]
    assert change["value"] == pytest.approx(30.667 - 23.333, abs=0.01)
    assert change["p"] > 0.05
    assert change["low"] < 0 < change["high"]


# MAKING IT


def test_a_demo_that_was_stopped_goes_on_as_a_process_and_doubles_nothing(tmp_path: Path) -> None:
    home = tmp_path / "here"
    home.mkdir()
    (home / "notes.txt").write_text("mine")
    story = begin_story(Home.at(home), at=NOON, planted=False)
    (tmp_path / "files").mkdir()
    written = write_world(tmp_path / "files", seed=story.seed, size=SMALL, as_of=NOON, planted=False)
    for path in written.files[:2]:
        ask(home, "import", path)
    command = [sys.executable, "-c", "import sys, openxmo.cli as cli; sys.exit(cli.main())", "demo", str(home)]
    options = ["--size", str(SMALL), "--nothing-planted", "--no-serve"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("verdict:") == 4
    assert f"{sum(written.signals.values()):,} signals of {len(written.files)} sources" in done.stdout
    assert ask(home, "doctor")["ok"]
    assert (home / "notes.txt").read_text() == "mine"


def test_the_demo_touches_no_office_that_is_not_one(tmp_path: Path) -> None:
    assert xmo("init", tmp_path / "office").code == 0
    code, error = refuse(tmp_path / "office", "demo")
    assert (code, error["what"]) == (2, "The office here is not the sample.")


def test_a_story_is_not_taken_for_its_twin(northlight: Path) -> None:
    code, error = refuse(northlight, "demo", northlight, "--nothing-planted")
    assert code == 2
    assert "with the story planted" in error["what"]
