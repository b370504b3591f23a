"""docs/reference/settings.md lists what the code reads from the environment, and the numbers of its checks."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "openxmo"
PAGE = PROJECT / "docs" / "reference" / "settings.md"
READS = re.compile(
    r"""(?:read_(?:text|flag|number|list|choice)\(\s*|os\.environ(?:\.get\(|\.setdefault\(|\[)\s*)["']([A-Z_]+)["']"""
)
NOT_OURS = {"COLUMNS", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def read_by_the_code() -> set[str]:
    files = [path for path in SOURCE.rglob("*.py") if "tests" not in path.parts]
    return {name for path in files for name in READS.findall(path.read_text(encoding="utf-8"))} - NOT_OURS


def test_every_setting_is_listed_and_nothing_else() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed - read_by_the_code() == set(), "listed, and read by nothing"
    assert read_by_the_code() - listed == set(), "read, and not listed"


def test_every_check_is_listed_with_its_number() -> None:
    checks = (SOURCE / "office" / "config" / "checks.py").read_text(encoding="utf-8")
    made = set(re.findall(r'id="(openxmo\.[EW]\d+)"', checks))
    listed = set(re.findall(r"^\| `(openxmo\.[EW]\d+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert made
    assert listed == made
