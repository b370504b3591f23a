"""A mapping run over tiny files that a test writes out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from openxmo.core.signals.mapping import MappedRow, load_mapping, map_files

Run = Callable[..., list[MappedRow]]


@pytest.fixture
def mapped(tmp_path: Path) -> Run:
    """`mapped(mapping, {"a.csv": "…"})`: the mapped rows of the files, given in that order."""

    def run_mapping(mapping: str, files: dict[str, str | bytes], *, source: str | None = None) -> list[MappedRow]:
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        paths = []
        for name, content in files.items():
            paths.append(tmp_path / name)
            paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
        return list(map_files(load_mapping(tmp_path / "mapping.toml"), paths, source=source))

    return run_mapping
