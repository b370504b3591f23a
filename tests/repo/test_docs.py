"""The docs stay true: generated pages are current, links lead somewhere, what is named exists, the README is short."""

import re
from pathlib import Path

import pytest

from tests.repo.office_pages import OFFICE_PAGES
from tests.repo.references import PAGES, PROJECT, REFERENCE, SOURCE, links_of

DOCS = PROJECT / "docs"
PAGES_OF_WORDS = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])
HAND_WRITTEN = [path for path in PAGES_OF_WORDS if path.parent != REFERENCE and path.name != "CHANGELOG.md"]
IMAGES = sorted((DOCS / "images").rglob("*.*"))
QUESTION = re.compile(r"(?<!\*)\*([A-Z][^*{}]+\?)\*(?!\*)")  # a page's title, in italics

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


def test_the_map_of_the_docs_leads_to_every_decision_too() -> None:
    listed = set(links_of(DOCS / "README.md"))
    assert [path.name for path in sorted((DOCS / "adr").glob("*.md")) if f"adr/{path.name}" not in listed] == []


def test_every_image_is_shown_on_a_page() -> None:
    shown = {(path.parent / link).resolve() for path in PAGES_OF_WORDS for link in links_of(path)}
    assert [path.name for path in IMAGES if path.resolve() not in shown] == []


def test_images_are_small() -> None:
    """They are made by the browser tests (OPENXMO_SCREENSHOTS=folder), and travel with every copy of the project."""
    sizes = {path.name: path.stat().st_size for path in IMAGES}
    assert {name: size for name, size in sizes.items() if size > 200_000} == {}
    assert sum(sizes.values()) < 1_500_000


def test_every_timed_job_is_told_where_serving_is_told() -> None:
    told = (DOCS / "how-to" / "install-for-a-team.md").read_text(encoding="utf-8")
    folders = ("minutely", "hourly", "daily", "weekly")
    found = [path for every in folders for path in (SOURCE / "office" / "jobs" / every).glob("*.py")]
    jobs = [f"`{path.parent.name}/{path.stem}`" for path in found if path.stem != "__init__"]
    assert jobs
    assert [job for job in jobs if job not in told] == []
    assert set(re.findall(r"`(?:minutely|hourly|daily|weekly)/\w+`", told)) == set(jobs)


def test_every_page_that_is_named_in_italics_stands_in_the_office() -> None:
    """A page is named by its question, so a question in italics must be one that the office asks."""
    asked = "\n".join(
        one_line(path.read_text(encoding="utf-8"))
        for ending in ("py", "html", "toml")
        for path in (SOURCE / "office").rglob(f"*.{ending}")
        if "tests" not in path.parts
    )
    missing = [
        f"{path.name}: {question}"
        for path in HAND_WRITTEN
        for question in QUESTION.findall(one_line(path.read_text(encoding="utf-8")))
        if question not in asked
    ]
    assert missing == []


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_every_tag_of_templates_is_told_to_who_makes_a_page() -> None:
    tags = (SOURCE / "office" / "ui" / "templatetags" / "ui.py").read_text(encoding="utf-8")
    names = re.findall(r"^@register\.\w+.*\n(?:@.*\n)*def (\w+)", tags, re.MULTILINE)
    told = (DOCS / "how-to" / "add-a-component.md").read_text(encoding="utf-8")
    assert names
    assert [name for name in names if f"`{name}`" not in told] == []


def test_every_role_that_a_page_names_exists() -> None:
    from openxmo.office.accounts.roles import ROLES

    named = {
        role
        for path in HAND_WRITTEN
        for listed in re.findall(r"^\s*roles = \[([^\]]*)\]", path.read_text(encoding="utf-8"), re.MULTILINE)
        for role in re.findall(r'"(\w+)"', listed)
    } | {role for path in HAND_WRITTEN for role in re.findall(r"--role (\w+)", path.read_text(encoding="utf-8"))}
    assert named
    assert named <= set(ROLES)


def test_every_setting_that_a_page_names_is_one() -> None:
    known = set(re.findall(r"^\| `([A-Z_]+)`", (REFERENCE / "settings.md").read_text(encoding="utf-8"), re.MULTILINE))
    for_developers = {"OPENXMO_DATA", "OPENXMO_ROUNDS"}
    wrong = {
        f"{path.name}: {name}"
        for path in HAND_WRITTEN
        for name in re.findall(r"\bOPENXMO_[A-Z_]+", path.read_text(encoding="utf-8"))
        if name.removesuffix("_FILE") not in known | for_developers
    }
    assert wrong == set()
