"""Every sentence can be given to a translator and comes back on the page; nothing is half in another language."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.translation import trans_real

from openxmo.core.signals.store.home import Home
from openxmo.office.lib.languages import LOCALE, find_languages
from tests.repo.messages import build, extract

pytestmark = pytest.mark.skipif(
    shutil.which("msgfmt") is None, reason="gettext is not installed (`make setup` as root)"
)
SIGN_IN = "/accounts/login/"
ROOMS = Path(__file__).resolve().parents[2] / "src" / "openxmo" / "office"
PAGES_OF = ("accounts", "act", "decide", "listen", "prove", "understand", "ui")
FOR_PROGRAMS = {"api.py"}  # what only programs and the command are told is in English, as their codes are


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file for a translator, as `make messages` makes it."""
    return extract("de", tmp_path_factory.mktemp("made") / "locale")


@pytest.fixture
def translated(german: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own, for a test to fill in."""
    shutil.copytree(german.parents[2], tmp_path / "locale")
    return tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Django reads a catalogue once in a process."""
    kept = dict(trans_real._translations)  # type: ignore[attr-defined]
    trans_real._translations.clear()  # type: ignore[attr-defined]
    trans_real.get_languages.cache_clear()  # type: ignore[attr-defined]
    yield
    trans_real._translations.clear()  # type: ignore[attr-defined]
    trans_real._translations.update(kept)  # type: ignore[attr-defined]
    trans_real.get_languages.cache_clear()  # type: ignore[attr-defined]


def fill_in(file: Path, sentence: str, translation: str) -> None:
    text = file.read_text(encoding="utf-8")
    before = f'msgid "{sentence}"\nmsgstr ""'
    assert before in text, sentence
    file.write_text(text.replace(before, f'msgid "{sentence}"\nmsgstr "{translation}"'), encoding="utf-8")


def test_sentences_of_templates_and_of_code_are_there_each_once(german: Path) -> None:
    text = german.read_text(encoding="utf-8")
    for sentence in ("What should we improve next?", "Sign in", "It is %s.", "Which surveys run?"):
        assert text.count(f'msgid "{sentence}"\n') == 1, sentence
    assert len(re.findall(r"^msgid ", text, re.MULTILINE)) > 2000
    assert "translated" in build(german)


@pytest.mark.usefixtures("forgotten")
def test_a_translated_sentence_stands_on_the_page_of_who_reads_that_language(
    home: Home,  # noqa: ARG001
    translated: Path,
    settings: pytest.FixtureRequest,
) -> None:
    fill_in(translated, "Sign in", "Herein")
    build(translated)
    folder = translated.parents[2]
    settings.LOCALE_PATHS, settings.LANGUAGES = [str(folder)], find_languages(folder)  # type: ignore[attr-defined]
    assert find_languages(folder) == [("en", "English"), ("de", "Deutsch")]
    german = Client(headers={"accept-language": "de"}).get(SIGN_IN).content.decode()
    assert '<html lang="de"' in german
    assert "<h1>Herein</h1>" in german
    assert "<h1>Sign in</h1>" in Client(headers={"accept-language": "en"}).get(SIGN_IN).content.decode()


def test_a_translation_that_lost_what_is_filled_in_is_refused(translated: Path) -> None:
    fill_in(translated, "It is %s.", "Es ist.")
    with pytest.raises(SystemExit, match="cannot be used"):
        build(translated)


def test_a_language_that_nobody_translated_is_not_spoken_by_halves(home: Home) -> None:  # noqa: ARG001
    assert find_languages(LOCALE) == configured.LANGUAGES
    page = Client(headers={"accept-language": "ja"}).get(SIGN_IN).content.decode()
    assert '<html lang="en"' in page
    assert "Password" in page


def spoken_plainly(module: ast.Module) -> Iterator[str]:
    """What an error says in words that no translator was given."""
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        if getattr(call.func, "id", "") in {"WrongUsage", "NotAllowed", "UnreadableInput"}:
            for words in (*call.args, *(each.value for each in call.keywords if each.arg in ("what", "mend"))):
                if isinstance(words, ast.JoinedStr) or (isinstance(words, ast.Constant) and words.value):
                    yield ast.unparse(words)


@pytest.mark.parametrize("room", PAGES_OF)
def test_what_a_page_refuses_with_can_be_translated(room: str) -> None:
    folder = ROOMS / room
    files = [each for each in folder.rglob("*.py") if "tests" not in each.parts and each.name not in FOR_PROGRAMS]
    found = {
        f"{each.relative_to(ROOMS)}: {words}"
        for each in files
        for words in spoken_plainly(ast.parse(each.read_text(encoding="utf-8")))
    }
    assert found == set()
