"""What in an answer calls for a reply: the bottom of a scale, a "not resolved", words that cannot wait."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from openxmo.core.act.wording import Topic, find_topics

Opening = Literal["negative_answer", "harm_words"]
OPENINGS: Mapping[Opening, str] = {
    "negative_answer": "a negative answer of somebody who may be contacted",
    "harm_words": "words of safety or vulnerability of somebody who may be contacted",
}
# How many of the lowest points of a scale are negative, by its number of points: a detractor gives 0 to 6
# of 11; the lowest two of 5 and of 7.
LOWEST = {2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 2, 10: 6, 11: 7}
NO_VERDICT = frozenset({"expected", "consent"})  # asked, and no judgement of what was delivered
CONSENT, MAY_CONTACT = "consent", "may-contact"


def is_negative(row: Mapping[str, Any]) -> bool:
    """Whether one answer is at the bottom of its scale, or says that the matter was not resolved."""
    if row["kind"] != "X" or row["basis"] != "asked" or row["name"] in NO_VERDICT:
        return False
    if row["name"] == "resolved":
        return bool(row["label"] == "no")
    if row["value"] is None or not row["scale"]:
        return False
    low, high = (float(end) for end in row["scale"].split(".."))
    points = round(abs(high - low)) + 1
    lowest = LOWEST.get(points, points // 3)
    above_worst = row["value"] - low if low <= high else low - row["value"]
    return bool(0 <= above_worst < lowest)


def badness(row: Mapping[str, Any]) -> float:
    """The place of an answer on its scale from 1 (worst) to 0; one that is no rating stands in the middle."""
    if row["value"] is None or not row["scale"]:
        return 0.5
    low, high = (float(end) for end in row["scale"].split(".."))
    return 1 - (row["value"] - low) / (high - low) if high != low else 0.5


def agreed_to_contact(rows: Iterable[Mapping[str, Any]]) -> bool:
    """The newest word on "may we contact you about this?" within one answer; a standing consent is not about it."""
    said = [row for row in rows if row["name"] == CONSENT and row["item"] in (None, MAY_CONTACT)]
    said.sort(key=lambda row: (row["happened_at"], row["row"]))
    return bool(said) and said[-1]["label"] == "yes"


def topics_of(rows: Iterable[Mapping[str, Any]]) -> frozenset[Topic]:
    found: frozenset[Topic] = frozenset()
    for row in rows:
        found |= find_topics(row["text"], language=row["language"])
    return found
