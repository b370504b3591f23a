"""Settings from the environment, read strictly: a wrong word stops the start, and says which."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

WORDS = {"true": True, "false": False, "1": True, "0": False}


def read_text(name: str, default: str = "") -> str:
    """A variable, or the content of the file that `NAME_FILE` names (for secrets)."""
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name, default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error}.") from None


def read_flag(name: str, *, default: bool) -> bool:
    word = os.environ.get(name, "").strip().lower()
    if not word:
        return default
    if word not in WORDS:
        raise ImproperlyConfigured(f"{name} is `{word}`; it must be True or False.")
    return WORDS[word]


def read_number(name: str, *, default: int, least: int = 0) -> int:
    word = os.environ.get(name, "").strip()
    try:
        number = int(word) if word else default
    except ValueError:
        number = least - 1
    if number < least:
        raise ImproperlyConfigured(f"{name} is `{word}`; it must be a whole number, {least} or more.")
    return number


def read_choice(name: str, choices: tuple[str, ...]) -> str:
    """One of these words; the first where the variable is not set."""
    word = os.environ.get(name, "").strip() or choices[0]
    if word not in choices:
        known = ", ".join(choice for choice in choices if choice)
        raise ImproperlyConfigured(f"{name} is `{word}`; it must be one of {known}.")
    return word


def read_list(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """Words parted by commas."""
    given = [word.strip() for word in os.environ.get(name, "").split(",")]
    return [word for word in given if word] or list(default)
