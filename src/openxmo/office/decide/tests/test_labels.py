"""Names in the picture lie on nothing, whatever the points are; one without room becomes a number."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openxmo.office.decide.labels import Label, _box, _meet, place_labels

PLACES = st.integers(60, 1050)
INSIDE = (60.0, 16.0, 1076.0, 564.0)


def label(name: str, x: float, y: float) -> Label:
    return Label(name, (x, x, x), (y, y, y))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 48), PLACES, st.integers(30, 560)), max_size=14))
def test_no_name_lies_on_another(points: list[tuple[int, int, int]]) -> None:
    placed = place_labels([label("n" * length, x, y) for length, x, y in points], INSIDE)
    named = [_box(one) for one in placed if not one.numbered]
    assert not any(_meet(one, other) for place, one in enumerate(named) for other in named[place + 1 :])
    assert [one.px for one in placed] == [(x, x, x) for _length, x, _y in points]


def test_a_name_with_room_stands_to_the_right_of_its_point() -> None:
    placed = place_labels([label("Chatbot", 500, 300)], INSIDE)[0]
    assert (placed.x, placed.y, placed.anchor, placed.numbered, placed.led) == (512, 304, "start", False, False)


def test_a_name_at_the_edge_stands_to_the_left() -> None:
    assert place_labels([label("Chatbot for all channels", 1040, 300)], INSIDE)[0].anchor == "end"
