"""Make the sample organisation, Northlight Broadband, and walk the loop over it: every step asks a real question.

The organisation and its people are made up. What is planted in it is known, so what OpenXMO finds can be checked;
--nothing-planted makes its twin without cause, gaming or effect, over which every step says so calmly.
"""

import argparse
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openxmo.cli.asking import resolve_home
from openxmo.cli.terminal import Terminal

DEFAULT_SIZE = 600_000
HOST = "127.0.0.1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="default OPENXMO_HOME, else ./var")
    parser.add_argument("--nothing-planted", action="store_true", help="the twin in which there is nothing to find")
    parser.add_argument("--no-serve", action="store_true", help="the terminal only")
    parser.add_argument("--port", type=int, default=8000, help="where it is served (default 8000)")
    parser.add_argument("--size", type=int, default=DEFAULT_SIZE, metavar="N", help="about how many (default 600,000)")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.cli.story.building import open_story
    from openxmo.cli.story.serving import say_who_signs_in, serve
    from openxmo.cli.story.steps import Told
    from openxmo.office.jobs.readiness import check_port

    serves = not (arguments.no_serve or arguments.json)
    if serves:
        check_port(HOST, arguments.port)  # before a minute of work, not after it
    session, story = open_story(
        arguments.folder or resolve_home(arguments),
        at=datetime.now(UTC),
        planted=not arguments.nothing_planted,
        size=arguments.size,
        terminal=terminal,
    )
    terminal.print(f"Northlight Broadband, a made-up organisation, on {story.moment:%-d %B %Y}.")
    if shutil.which("xmo") is None:
        terminal.print(f"Each step shows its command; `xmo` is {sys.argv[0]} here.")
    found = tell_all(Told(session, story, terminal))
    people = say_who_signs_in(session.home, terminal)
    terminal.document(found | {"sign_ins": people})
    return serve(session.home, port=arguments.port) if serves else 0


def tell_all(told: Any) -> dict[str, Any]:
    from openxmo.cli.story.proofs import tell_proved
    from openxmo.cli.story.steps import (
        tell_earned,
        tell_gap,
        tell_heard,
        tell_moved,
        tell_needed,
        tell_next,
        tell_own_file,
        tell_trusted,
    )

    steps = {
        "What was heard?": tell_heard,
        "Can it be trusted?": tell_trusted,
        "How far are we from what we strive for?": tell_gap,
        "Why did satisfaction move?": tell_moved,
        "What should we improve next?": tell_next,
        "Who needs us today?": tell_needed,
        "Did it work?": tell_proved,
        "What have we earned?": tell_earned,
        "Now with your own file": tell_own_file,
    }
    found: dict[str, Any] = {"as_of": told.story.as_of, "planted": told.story.planted}
    for number, (title, tell) in enumerate(steps.items(), start=1):
        told.terminal.print(f"\n{number}. {title}")
        found[tell.__name__.removeprefix("tell_")] = tell(told)
    return found
