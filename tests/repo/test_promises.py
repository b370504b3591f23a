"""Promises about the code that no type checker keeps."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.references import PROJECT, SOURCE

MAX_MODULE = 600
MAX_FUNCTION = 80
DATA_ENDINGS = (".csv", ".tsv", ".gz", ".zip", ".parquet", ".xes", ".xlsx", ".ndjson", ".feather", ".db", ".sqlite")
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent.name != "migrations")
CORE = sorted((SOURCE / "core").rglob("*.py"))
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
CHANCE = ("random.", "np.random.seed", "np.random.rand", "numpy.random.seed")


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.splitlines() if (PROJECT / name).exists()]


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def functions_of(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def test_no_module_is_longer_than_a_person_can_hold() -> None:
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: size for name, size in sizes.items() if size > MAX_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name_of(path)}:{node.name}"
        for path in MODULES
        for node in functions_of(path)
        if (node.end_lineno or 0) - node.lineno > MAX_FUNCTION
    ]
    assert long == []


def test_no_data_and_no_built_thing_is_tracked() -> None:
    assert [name for name in tracked_files() if name.endswith(DATA_ENDINGS) or "node_modules/" in name] == []


def test_tracked_files_name_no_registry_and_no_machine() -> None:
    hosts = re.compile(
        "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"\.debian", "/wo" + "rk/"])
    )
    told = [
        name for name in tracked_files() if hosts.search((PROJECT / name).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert told == []


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lines = (PROJECT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line]
    assert any("--hash=sha256:" in line for line in lines)


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_asks_no_clock_and_no_chance(path: Path) -> None:
    calls = [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert [call for call in calls if call in CLOCKS or call.startswith(CHANCE)] == []


def test_no_module_is_named_after_nothing() -> None:
    vague = {"utils", "helpers", "manager", "common", "misc"}
    assert [name_of(path) for path in MODULES if path.stem in vague] == []


def test_every_public_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in MODULES
        if path.read_text(encoding="utf-8").strip()
        and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []
