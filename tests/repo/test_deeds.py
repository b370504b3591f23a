"""Whatever the audit writes down is told in the reader's language, in other words than those of the log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import openxmo.office
from openxmo.office.accounts.audit import all_deeds
from openxmo.office.act.states import CASE_STEPS, RECOMMENDATION_STEPS

OFFICE = Path(openxmo.office.__path__[0])
ANY = r".+"


def words_in(node: ast.expr) -> Iterator[str]:
    """Patterns of the words that an expression may become; none for what only a run can tell."""
    match node:
        case ast.Constant(value=str(word)):
            yield re.escape(word)
        case ast.IfExp(body=one, orelse=other):
            yield from words_in(one)
            yield from words_in(other)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANY for part in parts)


def recorded() -> dict[str, str]:
    """Each pattern that is written down, and where; the names of steps stand in their tables."""
    steps = (*CASE_STEPS.values(), *RECOMMENDATION_STEPS.values())
    found = {re.escape(step.audited): "act/states.py" for step in steps}
    for path in OFFICE.rglob("*.py"):
        if "tests" not in path.parts:
            for call in calls_in(path):
                found |= dict.fromkeys(words_in(call.args[0]), str(path.relative_to(OFFICE)))
    return found


def calls_in(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="record"), args=[_, *_]):
                yield node


def test_every_deed_that_is_written_down_is_told_in_words() -> None:
    deeds = all_deeds()
    untold = {word: at for word, at in recorded().items() if not any(re.fullmatch(word, deed) for deed in deeds)}
    assert len(recorded()) > 60
    assert untold == {}


def test_no_deed_is_told_in_the_words_of_the_log() -> None:
    assert [deed for deed, told in all_deeds().items() if str(told) == deed] == []
