"""Items files: the same item in three forms, and what is said of a bad one."""

from pathlib import Path

import pytest

from openxmo.core.decide.items import load_items, what_blocks
from openxmo.core.errors import UnreadableInput

TOML = """
discount_rate = 0.08

[facets]
impact_area = ["effort", "speed"]

[[item]]
key = "activation-check"
title = "Check the line before the installer leaves"
facets.experience = "customer"
facets.impact_area = "effort"
facets.journey_stage = "onboarding"
facets.strategic_alignment = "same-evening"
wsjf = { value = 8, time = 5, risk = 3, size = 5 }
rice = { reach = 5000, impact = 1, confidence = 0.8, effort = 4 }
kano = { pairs = { LD = 30, MD = 40 } }

[item.money]
cost = [80, 100, 150]
running = [5, 5]
benefits = { customer = [[10, 20, 30], [10, 20, 30]], business = [60, 60] }
"""
NDJSON = (
    '{"key": "activation-check", "title": "Check the line before the installer leaves", "facets": {"experience": '
    '"customer", "impact_area": "effort", "journey_stage": "onboarding", "strategic_alignment": "same-evening"}, '
    '"wsjf": {"value": 8, "time": 5, "risk": 3, "size": 5}, "rice": {"reach": 5000, "impact": 1, "confidence": 0.8, '
    '"effort": 4}, "kano": {"pairs": {"LD": 30, "MD": 40}}, "money": {"cost": [80, 100, 150], "running": [5, 5], '
    '"benefits": {"customer": [[10, 20, 30], [10, 20, 30]], "business": [60, 60]}}}\n'
)
CSV = (
    "key,title,facets.experience,facets.impact_area,facets.journey_stage,facets.strategic_alignment,wsjf.value,"
    "wsjf.time,wsjf.risk,wsjf.size,rice.reach,rice.impact,rice.confidence,rice.effort,kano.pairs.LD,kano.pairs.MD,"
    "money.cost,money.running,money.benefits.customer,money.benefits.business\n"
    "activation-check,Check the line before the installer leaves,customer,effort,onboarding,same-evening,8,5,3,5,"
    "5000,1,0.8,4,30,40,80|100|150,5;5,10|20|30;10|20|30,60;60\n"
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_item_is_the_same_in_every_form(tmp_path: Path) -> None:
    files = [
        load_items(write(tmp_path, f"items.{kind}", text))
        for kind, text in (("toml", TOML), ("ndjson", NDJSON), ("csv", CSV))
    ]
    assert files[0].item == files[1].item == files[2].item
    item = files[0].item[0]
    assert item.money is not None
    assert item.money.case().years == 2
    assert files[0].discount_rate == 0.08


def test_an_item_without_a_facet_is_blocked_and_says_which(tmp_path: Path) -> None:
    text = TOML.replace('facets.journey_stage = "onboarding"', "")
    item = load_items(write(tmp_path, "items.toml", text)).item[0]
    assert what_blocks(item, {}) == ["Missing: journey_stage."]


def test_a_facet_takes_only_the_words_of_its_vocabulary(tmp_path: Path) -> None:
    found = load_items(write(tmp_path, "items.toml", TOML.replace('impact_area = "effort"', 'impact_area = "efort"')))
    assert what_blocks(found.item[0], found.facets) == ["Facet impact_area has no word “efort”: did you mean “effort”?"]


def test_the_experience_is_one_of_four(tmp_path: Path) -> None:
    found = load_items(write(tmp_path, "items.toml", TOML.replace('experience = "customer"', 'experience = "guests"')))
    assert what_blocks(found.item[0], {}) == [
        "Facet experience has no word “guests”: it takes customer, employee, partner, product."
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("items.txt", "", "ends in"),
        ("items.toml", "[[item]", "cannot be read"),
        ("items.toml", "", "holds no item"),
        ("items.toml", '[[item]]\ntitle = "no key"', "key"),
        ("items.toml", '[[item]]\nkey = "a"\n[[item]]\nkey = "a"', "Two items"),
        ("items.toml", '[[item]]\nkey = "a"\nwsfj = {}', "wsfj"),
        ("items.toml", '[[item]]\nkey = "a"\nmoney = { cost = [3, 2, 1] }', "low over likely"),
        ("items.toml", '[[item]]\nkey = "a"\nkano = { category = "M", counts = { M = 1 } }', "one of pairs"),
        (
            "items.toml",
            '[[item]]\nkey = "a"\nrice = { reach = "many", impact = 1, confidence = 1, effort = 1 }',
            "reach",
        ),
        ("items.ndjson", "{", "cannot be read"),
        ("items.ndjson", "[1]", "item 1"),
        ("items.csv", "key,wsjf.value\na,much", "wsjf"),
        ("items.csv", "key\na,b", "more cells"),
        ("items.csv", "key,kano,kano.category\na,3,M", "both a value and a group"),
    ],
)
def test_a_bad_file_is_refused_with_what_and_where(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(UnreadableInput) as refused:
        load_items(path)
    assert said in str(refused.value)
    assert name in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="cannot be read"):
        load_items(tmp_path / "none.toml")
