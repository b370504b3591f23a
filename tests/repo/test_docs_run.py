"""What the docs tell a reader to do works, and prints what they show."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import openxmo
from openxmo.library import make_office
from openxmo.office.portability.keeping import apply
from tests.functional.machine.serving import serving
from tests.functional.object_store.stores import serving as serving_store
from tests.repo.pages import Reader, read_blocks
from tests.repo.references import PROJECT, links_of

DOCS = PROJECT / "docs"
TUTORIAL = DOCS / "tutorials" / "from-a-csv-to-why-it-moved.md"
API = DOCS / "how-to" / "use-the-api.md"
HOW_TOS = sorted(path for path in (DOCS / "how-to").glob("*.md") if path != API)
APART = {"say-who-may-do-what", "keep-signals-at-an-object-store"}  # each command is a program of its own
BUCKET = "our-signals"
SPARK = "sc://localhost:15002"
SERVED_AT = "https://office.example.org"


@pytest.fixture(autouse=True)
def own_signals_and_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page may set OPENXMO_…, and `xmo worker` listens to signals: neither outlives the page."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setenv("OPENXMO_SPARK", "")
    monkeypatch.setenv("OPENXMO_HOME", "")
    monkeypatch.delenv("COLUMNS", raising=False)
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Somebody who has done the tutorial, where the how-tos start from."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENXMO_HOME", "")
        patch.chdir(folder)
        reader = Reader(folder)
        reader.follow(TUTORIAL.read_text(encoding="utf-8"))
    return reader


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with serving_store() as store:
        store.make_bucket(BUCKET)
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        yield


def test_the_tutorial_prints_what_it_shows(tutorial: Reader) -> None:
    assert tutorial.faults == []
    assert (tutorial.folder / "office" / "openxmo.toml").is_file()


@pytest.mark.parametrize("path", HOW_TOS, ids=lambda path: path.stem)
def test_a_how_to_prints_what_it_shows(
    path: Path,
    tutorial: Reader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    page = path.read_text(encoding="utf-8")
    folder = tmp_path / "reader"
    shutil.copytree(tutorial.folder, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OPENXMO_HOME", "office")
    server = {SPARK: request.getfixturevalue("spark_remote")} if SPARK in page else {}
    if f"s3://{BUCKET}" in page:
        request.getfixturevalue("bucket")
    reader = Reader(folder, instead=tutorial.instead | server, apart=path.stem in APART)
    reader.follow(page)
    assert reader.faults == []


def test_the_calls_of_the_api_are_answered_as_shown(
    tutorial: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("the page calls curl, which is not installed")
    folder = tmp_path / "reader"
    shutil.copytree(tutorial.folder, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OPENXMO_HOME", "office")
    monkeypatch.setenv("KEY", "")
    with serving(folder / "office", "web") as served:
        reader = Reader(folder, instead={SERVED_AT: f"http://127.0.0.1:{served.port}"}, apart=True)
        reader.follow(API.read_text(encoding="utf-8"))
        assert served.end("web") == 0
    assert reader.faults == []


@pytest.mark.parametrize("name", ["change-the-office", "define-a-metric", "keep-an-office"])
def test_what_a_how_to_writes_into_the_office_file_is_taken(name: str, tmp_path: Path) -> None:
    make_office(tmp_path / "office")
    page = (DOCS / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    texts = [block.text for block in read_blocks(page) if block.language == "toml"]
    assert texts
    for text in texts:
        apply(openxmo.open(tmp_path / "office"), in_a_metric(text), check=True)


def in_a_metric(text: str) -> str:
    """A few lines of a metric as a whole one."""
    if text.startswith("["):
        return text
    score = "" if "score =" in text else 'score = { kind = "mean" }\n'
    return f'[[metric]]\nkey = "shown"\nsignal = "csat"\n{score}{text}'


@pytest.mark.parametrize("kind", ["tutorials", "how-to", "reference", "explanation"])
def test_the_map_of_the_docs_leads_to_every_page(kind: str) -> None:
    listed = set(links_of(DOCS / "README.md"))
    assert [path.name for path in sorted((DOCS / kind).glob("*.md")) if f"{kind}/{path.name}" not in listed] == []


@pytest.mark.parametrize("path", [TUTORIAL, *HOW_TOS, API], ids=lambda path: path.stem)
def test_the_words_of_a_page_name_the_files_that_it_has_the_reader_write(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert [block.name for block in read_blocks(page) if block.name and f"`{block.name}`" not in page] == []


def test_a_page_that_shows_another_number_or_hides_a_refusal_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asks = "```sh\nxmo init office\nxmo score csat --home office\n```\n"
    page = asks + "```text\ntoo few 1\n```\n" + "```sh\nxmo score cats --home office\n```\n"
    doubting, trusting = Reader(tmp_path), Reader(tmp_path)
    doubting.follow(page)
    wrong, refused = doubting.faults
    assert wrong.startswith("'too few 1' is not in:")
    assert refused.startswith("`xmo score cats --home office` ends with 2: xmo: There is no metric 'cats'.")
    trusting.follow(page.replace("few 1", "few 0").replace("cats", "csat"))
    assert trusting.faults == []
