"""Northlight's own files, shipped beside this module: its office as code, and its backlog."""

from pathlib import Path

OFFICE_FILE = Path(__file__).with_name("office.toml")
BACKLOG_FILE = Path(__file__).with_name("backlog.toml")
