"""The `xmo` command. It starts fast: a command's own imports happen when it runs."""

from openxmo.cli.main import main

__all__ = ["main"]
