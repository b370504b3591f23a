"""Is anything lost or broken? Each check says what it found and how to mend it."""

import argparse

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing beyond what all commands take."""


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.portability.keeping import examine

    document = examine(open_for(arguments), progress=terminal.progress)
    terminal.document(document)
    terminal.table(
        ["", "check", "found", "how to mend it"],
        [["✓" if check["ok"] else "✗", check["name"], check["found"], check["mend"]] for check in document["checks"]],
        title="Is anything lost or broken?",
    )
    return 0 if document["ok"] else 1
