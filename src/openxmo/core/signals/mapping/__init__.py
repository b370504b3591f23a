"""Mapping files: how rows of any file become signals. `load_mapping` reads one, `map_files` runs it."""

from openxmo.core.signals.mapping.checking import load_mapping
from openxmo.core.signals.mapping.form import SignalMapping
from openxmo.core.signals.mapping.rows import MappedRow, RowError
from openxmo.core.signals.mapping.running import map_files

__all__ = ["MappedRow", "RowError", "SignalMapping", "load_mapping", "map_files"]
