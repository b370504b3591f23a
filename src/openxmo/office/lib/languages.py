"""The languages that pages can speak: English, in which they are written, and every one that somebody translated.

A translation is a compiled catalogue in `office/locale` (`make messages TO=de` writes it). Without this list
Django would speak its own few sentences in the language of the browser amid English ones.
"""

from pathlib import Path

from django.conf.locale import LANG_INFO

LOCALE = Path(__file__).parents[1] / "locale"
WRITTEN_IN = ("en", "English")


def find_languages(folder: Path = LOCALE) -> list[tuple[str, str]]:
    """Code and own name of each, English first."""
    codes = sorted(file.parents[1].name.replace("_", "-").lower() for file in folder.glob("*/LC_MESSAGES/django.mo"))
    return [WRITTEN_IN, *((code, LANG_INFO.get(code, {}).get("name_local", code)) for code in codes)]
