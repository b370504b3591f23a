"""Make a new office in a folder, with the default office file. An existing office is left as it is."""

import argparse
from pathlib import Path

from openxmo.cli.asking import resolve_home
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="default OPENXMO_HOME, else ./var")
    parser.add_argument(
        "--lake", metavar="ADDRESS", help="keep the signals at an object store, s3://bucket/prefix; all else in DIR"
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.library import make_office

    folder = arguments.folder or resolve_home(arguments)
    made = make_office(folder, lake=arguments.lake)
    terminal.document({"home": str(folder.resolve()), "made": made})
    if made:
        terminal.print(f"A new office stands in {folder}. Next: xmo sample, or xmo import FILE --home {folder}")
    else:
        terminal.print(f"There is an office in {folder} already; nothing was changed.")
    return 0
