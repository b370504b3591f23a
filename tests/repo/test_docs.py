"""The docs stay true: generated pages are current, links lead somewhere, the README is short."""

from pathlib import Path

import pytest

from tests.repo.office_pages import OFFICE_PAGES
from tests.repo.references import PAGES, PROJECT, REFERENCE, links_of

PAGES_OF_WORDS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])

ALL_PAGES = PAGES | OFFICE_PAGES


@pytest.mark.parametrize("name", sorted(ALL_PAGES))
def test_a_generated_page_is_current(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == ALL_PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("path", PAGES_OF_WORDS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_of_a_page_leads_to_a_file(path: Path) -> None:
    missing = [link for link in links_of(path) if link and not (path.parent / link).exists()]
    assert missing == []


def test_the_readme_is_short() -> None:
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) < 80


def test_every_decision_record_is_numbered_once() -> None:
    numbers = [path.name.split("-")[0] for path in sorted((PROJECT / "docs" / "adr").glob("*.md"))]
    assert numbers == [f"{place:04d}" for place in range(1, len(numbers) + 1)]
