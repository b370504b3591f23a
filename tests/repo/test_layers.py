"""The house stands as drawn: imports never run backwards."""

import subprocess
import sys
from pathlib import Path

from tests.repo.references import PROJECT


def test_imports_keep_to_the_layers() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    report = subprocess.run([linter], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert report.returncode == 0, report.stdout
