"""The items file: what could be improved, with what is known about each.

TOML holds `[[item]]` tables, NDJSON one item a line, CSV one item a row with dotted column names
(`wsjf.value`, `money.cost`); `docs/explanation/ranking.md` shows each form.
"""

import csv
import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from openxmo.core.decide.kano import Category
from openxmo.core.decide.money import Case, Range, Voice
from openxmo.core.errors import UnreadableInput, UserError

FACETS = ("experience", "impact_area", "journey_stage", "strategic_alignment")
EXPERIENCES = ("customer", "employee", "partner", "product")
Amount = float | tuple[float, float, float]
T = TypeVar("T")


class WsjfInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Each a number, or low, likely and high."""

    value: Amount
    time: Amount
    risk: Amount
    size: Amount


class RiceInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Each a number, or low, likely and high."""

    reach: Amount
    impact: Amount
    confidence: Amount
    effort: Amount


class KanoInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of three: answers counted by pair (`LD = 30`), by category (`M = 40`), or the category alone."""

    pairs: dict[str, Annotated[int, Meta(ge=0)]] = {}
    counts: dict[Category, Annotated[int, Meta(ge=0)]] = {}
    category: Category | None = None


class Benefits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    customer: tuple[Amount, ...] = ()
    business: tuple[Amount, ...] = ()
    employee: tuple[Amount, ...] = ()


class MoneyInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`cost` falls now; `running` and `benefits` list years 1, 2, ...; an amount is a number or low, likely, high."""

    cost: Amount
    running: tuple[Amount, ...] = ()
    benefits: Benefits = Benefits()

    def case(self) -> Case:
        voices: dict[Voice, tuple[Amount, ...]] = {
            "customer": self.benefits.customer,
            "business": self.benefits.business,
            "employee": self.benefits.employee,
        }
        return Case(
            cost=to_range(self.cost),
            running=tuple(to_range(amount) for amount in self.running),
            benefits={voice: tuple(to_range(amount) for amount in amounts) for voice, amounts in voices.items()},
        )


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that could be done. Without all four facets it is blocked from ranking."""

    key: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: str = ""
    facets: dict[str, str] = {}
    wsjf: WsjfInput | None = None
    rice: RiceInput | None = None
    kano: KanoInput | None = None
    money: MoneyInput | None = None


class ItemsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A whole file. `facets` may list the words that a facet takes; `experience` always has its four."""

    item: tuple[Item, ...]
    facets: dict[str, tuple[str, ...]] = {}
    discount_rate: float | None = None


def to_range(amount: Amount) -> Range:
    return Range(*amount) if isinstance(amount, tuple) else Range(amount, amount, amount)


def what_blocks(item: Item, vocabulary: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The sentences that say why an item may not be ranked yet; empty where it may."""
    missing = [facet for facet in FACETS if not item.facets.get(facet, "").strip()]
    sentences = [f"Missing: {', '.join(missing)}."] if missing else []
    allowed = {**vocabulary, "experience": EXPERIENCES}
    for facet, word in item.facets.items():
        if facet not in FACETS:
            sentences.append(f"Facet {facet} is not one of {', '.join(FACETS)}.")
        elif word.strip() and facet in allowed and word not in allowed[facet]:
            near = difflib.get_close_matches(word, allowed[facet], n=1)
            hint = f"did you mean “{near[0]}”?" if near else f"it takes {', '.join(allowed[facet])}."
            sentences.append(f"Facet {facet} has no word “{word}”: {hint}")
    return sentences


def load_items(path: Path) -> ItemsFile:
    """Read an items file by its ending: .toml, .csv, or .ndjson/.jsonl. Raises UnreadableInput with file and item."""
    readers = {".toml": read_toml, ".csv": read_csv, ".ndjson": read_ndjson, ".jsonl": read_ndjson}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableInput(
            f"An items file ends in {', '.join(readers)}.", where=str(path), mend="Rename or convert it."
        )
    try:
        document = reader(path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise UnreadableInput("The items file cannot be read.", where=f"{path}: {error}") from error
    return check_file(document, path)


def check_file(document: dict[str, Any], path: Path) -> ItemsFile:
    whole = convert({**document, "item": []}, ItemsFile, str(path))
    raw_items = document.get("item")
    if not isinstance(raw_items, list) or not raw_items:
        raise UnreadableInput("The items file holds no item.", where=str(path), mend="Add an [[item]] with a key.")
    items: dict[str, Item] = {}
    for place, raw in enumerate(raw_items, start=1):
        name = raw.get("key", place) if isinstance(raw, dict) else place
        item = convert(raw, Item, f"{path}, item {name}")
        if item.key in items:
            raise UnreadableInput(f"Two items have the key {item.key}.", where=str(path), mend="Rename one of them.")
        check_amounts(item, f"{path}, item {name}")
        items[item.key] = item
    return msgspec.structs.replace(whole, item=tuple(items.values()))


def check_amounts(item: Item, where: str) -> None:
    try:
        if item.money:
            item.money.case()
        for part in (item.wsjf, item.rice):
            for amount in msgspec.structs.astuple(part) if part else ():
                to_range(amount)
    except UserError as error:
        raise UnreadableInput(error.what, where=where, mend=error.mend) from error
    given = item.kano and sum((bool(item.kano.pairs), bool(item.kano.counts), item.kano.category is not None))
    if given is not None and given != 1:
        raise UnreadableInput("Kano takes one of pairs, counts and category.", where=where)


def convert(raw: object, shape: type[T], where: str) -> T:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise UnreadableInput(f"{error}.", where=where, mend="See docs/explanation/ranking.md for the form.") from error


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_ndjson(path: Path) -> dict[str, Any]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return {"item": [json.loads(line) for line in lines if line.strip()]}


def read_csv(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {"item": [nest(dict(cells_of(row))) for row in csv.DictReader(file)]}


def cells_of(row: Mapping[str | None, Any]) -> Iterator[tuple[str, Any]]:
    """The filled cells of one row: numbers as numbers, `a|b|c` as a list, `;` between the years of a list."""
    for name, text in row.items():
        if name is None:
            raise csv.Error(f"a row has more cells than the header: {text}")
        if text is None or not text.strip():
            continue
        by_year = name == "money.running" or name.startswith("money.benefits.")
        parts = [amount_of(part) for part in text.split(";")] if by_year else None
        yield name, parts if parts is not None else (amount_of(text) if is_numeric(name) else text.strip())


def is_numeric(name: str) -> bool:
    return name.split(".")[0] in {"wsjf", "rice", "kano", "money"} and name != "kano.category"


def amount_of(text: str) -> Any:
    parts = [number_of(part) for part in text.split("|")]
    return parts if len(parts) > 1 else parts[0]


def number_of(text: str) -> Any:
    """A number where it is one; else the text, which the check of the shape then refuses by name."""
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    return int(number) if number.is_integer() else number


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`{"wsjf.value": 8}` as `{"wsjf": {"value": 8}}`."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        branch = tree
        for part in path:
            branch = branch.setdefault(part, {})
            if not isinstance(branch, dict):
                raise csv.Error(f"column {name} is both a value and a group")
        branch[last] = value
    return tree
