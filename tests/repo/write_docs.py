"""`make docs`: write the generated reference pages anew."""

from tests.repo.office_pages import OFFICE_PAGES
from tests.repo.references import PAGES, REFERENCE

ALL_PAGES = PAGES | OFFICE_PAGES


def main() -> None:
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, write in ALL_PAGES.items():
        (REFERENCE / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
