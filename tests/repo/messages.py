"""`make messages TO=de`: the sentences of the pages, for somebody to translate, and the catalogue made of them.

Without a language every catalogue that stands is brought up to date. Needs gettext.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from pathlib import Path

OFFICE = Path(__file__).parents[2] / "src" / "openxmo" / "office"
LEFT_OUT = ["tests", "static", "migrations"]


def prepare() -> None:
    """Django for a command that touches no office."""
    os.environ.setdefault("OPENXMO_HOME", tempfile.gettempdir())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openxmo.office.config.settings")
    import django

    django.setup()


def extract(language: str, folder: Path) -> Path:
    """The file of one language, with what was translated before; sentences that are gone fall out."""
    from django.core.management import call_command
    from django.test import override_settings

    folder.mkdir(parents=True, exist_ok=True)
    with override_settings(LOCALE_PATHS=[str(folder)]), chdir(OFFICE), redirect_stdout(sys.stderr):
        call_command("makemessages", locale=[language], ignore_patterns=LEFT_OUT, no_obsolete=True, no_wrap=True)
    return folder / language / "LC_MESSAGES" / "django.po"


def build(file: Path) -> str:
    """The catalogue beside the file; what msgfmt says of it. Fails where a translation lost what is filled in."""
    checks = ["--check-format", "--check-domain", "--statistics"]
    command = ["msgfmt", *checks, "-o", str(file.with_suffix(".mo")), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"})
    if done.returncode:
        raise SystemExit(f"{file} cannot be used:\n{done.stderr}")
    return done.stderr.strip()


def main(languages: list[str]) -> Iterator[str]:
    prepare()
    from openxmo.office.lib.languages import LOCALE

    known = languages or sorted(path.name for path in LOCALE.glob("*/") if path.is_dir())
    if not known:
        yield "No language stands yet: `make messages TO=de` begins one."
    for language in known:
        file = extract(language, LOCALE)
        yield f"{file.relative_to(OFFICE.parents[2])}: {build(file)}"


if __name__ == "__main__":
    for line in main(sys.argv[1:]):
        sys.stdout.write(f"{line}\n")
