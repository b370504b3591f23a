"""The end of the story in the terminal, and its beginning in the browser."""

import os
import sys
from typing import Any

from openxmo.cli.story.rows.people import SAMPLE_PASSWORD, sign_ins_by_role
from openxmo.cli.terminal import Terminal
from openxmo.core.signals.store.home import Home


def say_who_signs_in(home: Home, terminal: Terminal) -> list[dict[str, Any]]:
    """One person for each role, and the password that all of them have here."""
    people = sign_ins_by_role(home)
    terminal.table(
        ["role", "sign in as"],
        [[role, name] for role, name in people],
        title=f"\nSign in as any of them, with the password: {SAMPLE_PASSWORD}",
    )
    return [{"role": role, "name": name} for role, name in people]


def serve(home: Home, *, port: int) -> int:
    """Hand this process over to `xmo up`: nothing of the story stays in memory."""
    sys.stdout.flush()
    sys.stderr.flush()
    words = [sys.executable, "-m", "openxmo.cli", "up", "--home", str(home.path), "--port", str(port)]
    os.execv(sys.executable, words)
