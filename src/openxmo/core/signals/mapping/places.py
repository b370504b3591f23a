"""The line of a TOML file on which a key stands. The TOML reader keeps no lines, so they are found by the headers."""

import re
from collections.abc import Iterator, Sequence

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(#.*)?$")
KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*[.=]""")
DOTTED = re.compile(r"""("[^"]*"|'[^']*'|[^.\s"']+)""")
Place = tuple[str | int, ...]


def sections(lines: Sequence[str]) -> Iterator[tuple[Place, int]]:
    """Each header as a place, with its line from 1: `[[signal]]` counts up, what follows lies in the last one."""
    counts: dict[str, int] = {}
    yield (), 0
    for number, line in enumerate(lines, start=1):
        header = HEADER.match(line)
        if not header:
            continue
        names = [name.strip("\"'") for name in DOTTED.findall(header[2])]
        if header[1] == "[[":
            counts[names[0]] = counts.get(names[0], -1) + 1
        first: Place = (names[0], counts[names[0]]) if names[0] in counts else (names[0],)
        yield (*first, *names[1:]), number


def find_line(text: str, place: Place) -> int | None:
    """The line of the key that lies nearest to `place`; None where not even its section is found."""
    lines = text.splitlines()
    found = [(section, line) for section, line in sections(lines) if section == place[: len(section)]]
    if not found:
        return None
    section, line = max(found, key=lambda one: len(one[0]))
    rest = place[len(section) :]
    key = next((str(step) for step in rest if not isinstance(step, int)), None)
    for number, one in enumerate(lines[line:], start=line + 1):
        if HEADER.match(one):
            break
        named = KEY.match(one)
        if key is not None and named and named[1].strip("\"'") == key:
            return number
    return line or None
