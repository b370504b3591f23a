"""The text of a mapping file, and the ways to say where in it something is wrong."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.mapping.nearest import suggest
from openxmo.core.signals.mapping.places import Place, find_line

T = TypeVar("T")
UNKNOWN_FIELD = re.compile(r"unknown field `(.+?)`")
PATH_STEP = re.compile(r"\.([^.\[\]`]+)|\[(\d+)\]")
SENTENCE = "The mapping cannot be used: "
WORDS = {
    "object": "a table",
    "array": "a list",
    "str": "text",
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "date": "a date (write it as text)",
    "datetime": "a date (write it as text)",
    "time": "a time (write it as text)",
}


class Checker:
    """One mapping file under examination."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def fail(self, place: Place, what: str, mend: str = "") -> NoReturn:
        line = find_line(self.text, place)
        shown = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
        where = f"{self.path}{f', line {line}' if line else ''}{f', {shown}' if shown else ''}"
        raise UnreadableInput(f"{SENTENCE}{what.rstrip('.')}.", where=where, mend=mend)

    def convert(self, value: Any, wanted: type[T], place: Place, known: Iterable[str]) -> T:
        """The value as `wanted`; an unknown key is told with the nearest of the `known` ones."""
        try:
            return msgspec.convert(value, wanted)
        except msgspec.ValidationError as error:
            said, _, path = str(error).partition(" - at `$")
            inner = tuple(int(number) if number else name for name, number in PATH_STEP.findall(path.rstrip("`")))
            unknown = UNKNOWN_FIELD.search(said)
            if unknown:
                self.fail((*place, *inner, unknown[1]), f"`{unknown[1]}` is no key here", suggest(unknown[1], known))
            self.fail((*place, *inner), in_words(said))


def in_words(said: str) -> str:
    """msgspec's message with the types called as in a TOML file."""
    for name, words in WORDS.items():
        said = re.sub(rf"(?<=[`| ]){name}(?=[`| ])", words, said)
    return (said[:1].lower() + said[1:]).replace("`", "").replace(" | ", " or ")
