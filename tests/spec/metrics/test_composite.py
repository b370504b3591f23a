"""The XLA score against its worked answer, and what must hold whatever is measured."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.metrics.composite import experience_gap, score_xla
from openxmo.core.metrics.estimates import Estimate
from openxmo.core.metrics.metric import Component, Xla

START_OF_SHIFT = Xla(
    key="start-of-shift",
    components=(
        Component(metric="satisfaction", kind="X", low=1, high=5, weight=0.4),
        Component(metric="effort", kind="X", low=1, high=5, better="lower", weight=0.2),
        Component(metric="service-level", kind="O", low=0.8, high=1.0, weight=0.25),
        Component(metric="log-in", kind="T", low=10, high=60, better="lower", weight=0.15),
    ),
)


def measured(value: float | None, low: float | None = None, high: float | None = None) -> Estimate:
    return Estimate(value, low, high, 100, 100.0, "t", None)


HEARD = [measured(4.2, 4.1, 4.3), measured(2.1, 2.0, 2.3), measured(0.91, 0.90, 0.93), measured(38, 36, 40)]


def test_the_score_is_the_weighted_mean_of_components_put_on_0_to_100() -> None:
    found = score_xla(START_OF_SHIFT, HEARD)
    assert [part.score for part in found.components] == pytest.approx([80.0, 72.5, 55.0, 44.0])
    assert [part.contribution for part in found.components] == pytest.approx([32.0, 14.5, 13.75, 6.6])
    assert found.score == pytest.approx(66.85, abs=1e-9)
    assert (found.band, found.weakest, found.missing, found.reason) == ("average", "log-in", (), None)


def test_the_gap_to_the_ambition_is_shared_out_among_the_components() -> None:
    gap = experience_gap(score_xla(START_OF_SHIFT, HEARD), 80.0)
    assert gap is not None
    assert gap.gap == pytest.approx(13.15, abs=1e-9)
    assert dict(gap.parts) == pytest.approx(
        {"satisfaction": 0.0, "effort": 1.5, "service-level": 6.25, "log-in": 5.4}, abs=1e-9
    )


def test_a_missing_component_gives_its_weight_to_the_others_and_is_named() -> None:
    for unheard in (None, measured(None)):
        found = score_xla(START_OF_SHIFT, [*HEARD[:3], unheard])
        assert found.score == pytest.approx(70.8823529412, abs=1e-9)
        assert found.missing == ("log-in",)
        assert found.missing_weight == pytest.approx(0.15)
        gap = experience_gap(found, 80.0)
        assert gap is not None
        assert gap.gap == pytest.approx(80 - 70.8823529412, abs=1e-9)


def test_more_than_three_tenths_missing_gives_no_score() -> None:
    found = score_xla(START_OF_SHIFT, [HEARD[0], HEARD[1], None, None])
    assert (found.score, found.low, found.band, found.reason) == (None, None, None, "too much missing")
    assert experience_gap(found, 80.0) is None
    assert [part.score for part in found.components] == pytest.approx([80.0, 72.5, None, None])


def test_exactly_three_tenths_missing_still_gives_one() -> None:
    parts = (
        Component(metric="a", kind="X", low=0, high=100, weight=0.7),
        Component(metric="b", kind="T", low=0, high=100, weight=0.1),
        Component(metric="c", kind="T", low=0, high=100, weight=0.2),
    )
    assert score_xla(Xla(key="edge", components=parts), [measured(60), None, None]).score == pytest.approx(60)


def test_operational_and_technical_data_alone_are_no_experience() -> None:
    xla = Xla(
        key="conditions",
        components=(
            Component(metric="said", kind="X", low=1, high=5, weight=0.2),
            Component(metric="uptime", kind="T", low=0, high=1, weight=0.8),
        ),
    )
    found = score_xla(xla, [None, measured(0.9)])
    assert (found.score, found.reason) == (None, "no experience heard")


@pytest.mark.parametrize(("score", "name"), [(75, "good"), (74.9, "average"), (45, "average"), (44.9, "poor")])
def test_good_begins_at_75_and_poor_ends_below_45(score: float, name: str) -> None:
    xla = Xla(key="one", components=(Component(metric="a", kind="X", low=0, high=100, weight=1),))
    assert score_xla(xla, [measured(score)]).band == name


def test_the_interval_adds_the_components_own_intervals_in_squares() -> None:
    found = score_xla(START_OF_SHIFT, HEARD)
    # Distances down from each component's score, weighted: 0.4 * 2.5, 0.2 * 5, 0.25 * 5, 0.15 * 4.
    assert found.low == pytest.approx(66.85 - (1.0**2 + 1.0**2 + 1.25**2 + 0.6**2) ** 0.5)
    assert found.high == pytest.approx(66.85 + (1.0**2 + 0.5**2 + 2.5**2 + 0.6**2) ** 0.5)
    unsure = score_xla(START_OF_SHIFT, [measured(4.2), *HEARD[1:]])
    assert (unsure.low, unsure.high) == (None, None)


def test_a_fifth_more_or_less_weight_shows_how_far_the_score_depends_on_it() -> None:
    login = score_xla(START_OF_SHIFT, HEARD).components[3]
    assert login.swing == pytest.approx(((66.85 - 0.03 * 44) / 0.97, (66.85 + 0.03 * 44) / 1.03))


@given(st.lists(st.tuples(st.floats(-10, 110), st.floats(0.01, 1), st.booleans()), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_contributions_and_gap_parts_add_up_and_the_score_stays_on_its_scale(
    parts: list[tuple[float, float, bool]],
) -> None:
    components = tuple(
        Component(metric=f"m{place}", kind="X", low=0, high=100, weight=weight, better="lower" if turned else "higher")
        for place, (_, weight, turned) in enumerate(parts)
    )
    found = score_xla(Xla(key="any", components=components), [measured(value) for value, _, _ in parts])
    assert found.score is not None
    assert sum(part.contribution or 0 for part in found.components) == pytest.approx(found.score, abs=1e-9)
    assert -1e-9 <= found.score <= 100 + 1e-9
    gap = experience_gap(found, 80.0)
    assert gap is not None
    assert sum(part for _, part in gap.parts) == pytest.approx(80.0 - found.score, abs=1e-9)
