"""What the docs tell a reader to do works, and prints what they show."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.pages import Reader, read_blocks
from tests.repo.references import PROJECT

DOCS = PROJECT / "docs"
TUTORIAL = DOCS / "tutorials" / "from-a-csv-to-why-it-moved.md"
HOW_TOS = sorted((DOCS / "how-to").glob("*.md"))
SPARK = "sc://localhost:15002"


@pytest.fixture(autouse=True)
def own_signals_and_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page may set OPENXMO_…, and `xmo worker` listens to signals: neither outlives the page."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setenv("OPENXMO_SPARK", "")
    monkeypatch.setenv("OPENXMO_HOME", "")
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def after_the_tutorial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who has done the tutorial, which the how-tos start from."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENXMO_HOME", "")
        patch.chdir(folder)
        assert Reader(folder).follow(TUTORIAL.read_text(encoding="utf-8")) == []
    return folder


@pytest.fixture
def spark_server() -> Iterator[str]:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    yield f"sc://{host}:{port}"
    server.stop()


def test_the_tutorial_prints_what_it_shows(after_the_tutorial: Path) -> None:
    assert (after_the_tutorial / "office" / "openxmo.toml").is_file()


@pytest.mark.parametrize("path", HOW_TOS, ids=lambda path: path.stem)
def test_a_how_to_prints_what_it_shows(
    path: Path,
    after_the_tutorial: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    page = path.read_text(encoding="utf-8")
    folder = tmp_path / "reader"
    shutil.copytree(after_the_tutorial, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OPENXMO_HOME", "office")
    instead = {SPARK: request.getfixturevalue("spark_server")} if SPARK in page else {}
    assert Reader(folder, instead=instead).follow(page) == []


@pytest.mark.parametrize("path", [TUTORIAL, *HOW_TOS], ids=lambda path: path.stem)
def test_the_words_of_a_page_name_the_files_that_it_has_the_reader_write(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert [block.name for block in read_blocks(page) if block.name and f"`{block.name}`" not in page] == []
