"""Bring an office back from a backup, into a folder that holds none."""

import argparse
from pathlib import Path

from openxmo.cli.asking import resolve_home
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="as `xmo backup` wrote it")
    parser.add_argument(
        "--tombstones",
        action="append",
        default=[],
        type=Path,
        metavar="T",
        help="keys/tombstones.json of the office as it was later: whoever was erased since stays so",
    )
    parser.add_argument(
        "--lake", metavar="ADDRESS", help="bring the signals to an object store, s3://bucket/prefix, that is empty"
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.core.errors import NotAllowed
    from openxmo.library import restore_office

    if arguments.as_user is not None:
        raise NotAllowed("Only the operator brings an office back", mend="Leave --as out.")
    document = restore_office(
        arguments.file,
        resolve_home(arguments),
        tombstones=arguments.tombstones,
        lake=arguments.lake,
        progress=terminal.progress,
    )
    terminal.document(document)
    terminal.print(
        f"The office stands again in {document['home']}: {document['signals']:,} signals, "
        f"{document['erased_again']:,} erased again."
    )
    return 0
