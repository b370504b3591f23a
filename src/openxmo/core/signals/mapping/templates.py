"""Templates: text with columns in braces. Named columns only; nothing in them is ever run."""

import re
from dataclasses import dataclass

PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|([{}])")


@dataclass(frozen=True)
class Reference:
    """A column of the row (`lookup` None) or of what it finds in a lookup."""

    column: str
    lookup: str | None = None


Part = str | Reference


class TemplateError(ValueError):
    """What is wrong with a template, as a sentence."""


def parse_template(text: str, lookups: frozenset[str]) -> tuple[Part, ...]:
    """The parts of a template in order; `{{` and `}}` are plain braces."""
    parts: list[Part] = []
    plain = ""
    end = 0
    for piece in PIECE.finditer(text):
        plain += text[end : piece.start()]
        end = piece.end()
        token = piece.group()
        if token in ("{{", "}}"):
            plain += token[0]
        elif piece.group(2):
            raise TemplateError(f"`{text}` has a single brace; write `{{{{` or `}}}}` for a plain one")
        else:
            parts += [plain] if plain else []
            plain = ""
            parts.append(parse_reference(piece.group(1), lookups, text))
    plain += text[end:]
    return (*parts, plain) if plain or not parts else tuple(parts)


def parse_reference(name: str, lookups: frozenset[str], text: str) -> Reference:
    if not name.strip():
        raise TemplateError(f"`{text}` names no column between its braces")
    lookup, dot, column = name.partition(".")
    if dot and lookup in lookups:
        return Reference(column, lookup)
    return Reference(name)
