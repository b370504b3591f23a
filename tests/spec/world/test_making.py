"""The world is the same for the same arguments, valid by the contract, and bounded by its as-of moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
import pytest

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.contract import Signal
from openxmo.core.world.making import SMALLEST, make_world
from openxmo.core.world.months import month_start, story_months
from openxmo.core.world.writing import Written, write_world
from tests.spec.world.told import AS_OF, SEED, Told

SMALL = 60_000


def make(*, seed: int = SEED, size: int = SMALL, as_of: datetime = AS_OF, planted: bool = True) -> pa.Table:
    return pa.concat_tables(
        list(make_world(seed=seed, size=size, as_of=as_of, planted=planted)), promote_options="default"
    )


@pytest.fixture(scope="module")
def small() -> pa.Table:
    return make()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_world(tmp_path_factory.mktemp("world"), seed=SEED, size=SMALL, as_of=AS_OF)


def signals(written: Written) -> Iterator[Signal]:
    decoder = msgspec.json.Decoder(Signal)
    for path in written.files:
        with path.open("rb") as lines:
            yield from map(decoder.decode, lines)


# THE SAME AGAIN


def test_the_same_seed_gives_the_same_rows(small: pa.Table) -> None:
    assert make().equals(small)


def test_another_seed_gives_other_rows(small: pa.Table) -> None:
    assert not make(seed=SEED + 1).equals(small)


def test_months_can_be_taken_one_by_one(small: pa.Table) -> None:
    months = make_world(seed=SEED, size=SMALL, as_of=AS_OF)
    first = next(months)
    assert first.select(["id"]).equals(small.select(["id"]).slice(0, first.num_rows))


def test_an_as_of_moment_in_another_zone_is_the_same_moment(small: pa.Table) -> None:
    assert make(as_of=AS_OF.astimezone(ZoneInfo("Asia/Tokyo"))).equals(small)


# SIZE AND TIME


@pytest.mark.parametrize("size", [SMALLEST, 120_000])
def test_a_world_has_about_the_size_asked_for(size: int) -> None:
    assert make(size=size).num_rows == pytest.approx(size, rel=0.12)


@pytest.mark.parametrize(
    "as_of",
    [
        datetime(2026, 3, 1, 0, 0, tzinfo=UTC),  # no running days
        datetime(2026, 1, 2, 23, 59, tzinfo=UTC),  # one running day, over the turn of the year
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 6, 0, tzinfo=UTC),  # a Sunday, the night clocks went back
    ],
)
def test_nothing_happens_after_the_as_of_moment_nor_before_m1(as_of: datetime) -> None:
    table = make(size=SMALLEST, as_of=as_of)
    happened = table["happened_at"].to_pylist()
    assert max(happened) <= as_of
    assert min(happened) >= month_start(as_of, 1)
    assert max(happened) > as_of - timedelta(days=4)  # today's cases, if only from before the weekend
    assert all(ended <= as_of for ended in table["ended_at"].to_pylist() if ended is not None)


def test_m24_is_the_last_whole_month() -> None:
    months = story_months(AS_OF)
    assert (months[0].start, months[23].end) == (
        datetime(2024, 11, 1, tzinfo=UTC),
        datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert months[24].end == datetime(2026, 11, 20, tzinfo=UTC)
    assert months[24].share == pytest.approx(19 / 30)


def test_too_small_a_world_is_refused_in_words() -> None:
    with pytest.raises(WrongUsage, match="too small to hold what is planted"):
        next(make_world(seed=SEED, size=1_000, as_of=AS_OF))


def test_an_as_of_moment_without_a_zone_is_refused_in_words() -> None:
    with pytest.raises(WrongUsage, match="no zone"):
        next(make_world(seed=SEED, size=SMALL, as_of=AS_OF.replace(tzinfo=None)))


# THE CONTRACT


def test_every_written_row_is_a_signal_and_none_is_lost(written: Written, small: pa.Table) -> None:
    assert sum(1 for _ in signals(written)) == written.total == small.num_rows


def test_written_rows_say_what_the_tables_say(written: Written, small: pa.Table) -> None:
    told = {(s.source, s.id): (s.happened_at, s.value, s.label, s.attrs) for s in signals(written)}
    for row in small.slice(0, 20_000).to_pylist():
        attrs = dict(row["attrs"]) if row["attrs"] else None
        assert told[row["source"], row["id"]] == (row["happened_at"], row["value"], row["label"], attrs)


def test_ids_are_unique_within_their_source(story: Told) -> None:
    assert story.one("select count(*) - count(distinct (source, id)) from s") == 0


def test_every_answered_rating_lies_on_its_scale(story: Told) -> None:
    """Answers to questions with a value carry a scale, and lie on it (5..1 runs downwards)."""
    assert story.one("select count(*) from s where kind = 'X' and value is not null and scale is null") == 0
    assert (
        story.one(
            "with ends as (select value, split_part(scale, '..', 1)::double as a, split_part(scale, '..', 2)::double "
            "as b from s where scale is not null) "
            "select count(*) from ends where value < least(a, b) or value > greatest(a, b)"
        )
        == 0
    )


def test_whoever_is_a_subject_or_answers_says_of_which_kind(story: Told) -> None:
    assert (
        story.one("select count(*) from s where subject_kind is null and (subject is not null or response is not null)")
        == 0
    )


def test_each_contact_ends_after_it_began(story: Told) -> None:
    assert story.one("select min(epoch(ended_at::timestamp - happened_at)) from s where name = 'contact'") >= 45


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, not a folder")
    with pytest.raises(UnreadableInput, match="cannot be written"):
        write_world(taken, seed=SEED, size=SMALL, as_of=AS_OF)
    assert taken.read_text() == "a file, not a folder"
