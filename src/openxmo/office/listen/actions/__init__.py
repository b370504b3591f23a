"""What changes what is heard: imports and marks here; surveys, answers and uploads in their own modules."""

from openxmo.office.listen.actions.imports import describe, import_files, import_sample, mark, take_in, withdraw, work

__all__ = ["describe", "import_files", "import_sample", "mark", "take_in", "withdraw", "work"]
