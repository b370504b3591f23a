"""A made-up language for tests of pages: longer by 40 %, or from right to left, and every translated word marked.

Set OPENXMO_PSEUDO to `long` or `rtl`. What stands between ⟦ and ⟧ went through translation; what does not is data,
or a sentence that nobody can translate.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import trans_real

OPEN, CLOSE = "⟦", "⟧"
LONGER = 0.4
CONTEXT = "\x04"  # between a message's context and itself
KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;|&#\d+;")
ACCENTS = str.maketrans("aceinosuyzACEINOSUYZ", "áçéíñóšúýžÁÇÉÍÑÓŠÚÝŽ")
LANGUAGES = {"long": "en", "rtl": "he"}


class PseudoCatalogue:
    """What Django asks for translations, in the place of a language's own catalogue."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def gettext(self, message: str) -> str:
        text = message.rpartition(CONTEXT)[2]
        return pseudo(text, longer=LONGER if self.kind == "long" else 0.0)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)

    def to_language(self) -> str:
        return LANGUAGES[self.kind]

    language = to_language


class PseudoMiddleware:
    """Speaks it in every request, where the settings say so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PSEUDO:
            return self.get_response(request)
        active: Any = vars(trans_real)["_active"]  # the catalogue of this thread
        before = getattr(active, "value", None)
        active.value = PseudoCatalogue(settings.PSEUDO)
        try:
            return self.get_response(request)
        finally:
            active.value = before


def pseudo(text: str, *, longer: float) -> str:
    """The text with accents, marked at both ends; what is filled in, and tags, stay as they are."""
    if not text.strip():
        return text
    parts, at = [], 0
    for found in KEPT.finditer(text):
        parts += [text[at : found.start()].translate(ACCENTS), found[0]]
        at = found.end()
    parts.append(text[at:].translate(ACCENTS))
    return f"{OPEN}{''.join(parts)}{filling(round(len(text) * longer))}{CLOSE}"


def filling(length: int) -> str:
    """Words of seven letters, this many letters in all."""
    return "".join(" " if place % 8 == 0 else "ë" for place in range(length))
