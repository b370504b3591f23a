"""Write the office as a file, which `xmo apply` reads back."""

import argparse
import sys

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing beyond what all commands take."""


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.portability.keeping import export

    text = export(open_for(arguments))
    if terminal.as_json:
        import tomllib

        terminal.document(tomllib.loads(text))
    else:
        sys.stdout.write(text)
    return 0
