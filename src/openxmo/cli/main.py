"""From the words of the command line to a command, and from an error to a sentence and an exit code."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from openxmo import __version__
from openxmo.cli.commands import COMMANDS, Command
from openxmo.cli.terminal import Terminal
from openxmo.core.errors import UnreadableInput, UserError

EXIT_INTERRUPTED = 130
EXIT_FAULT = 70


class Parser(argparse.ArgumentParser):
    """argparse whose complaints go the way of all other errors, so that --json holds for them too."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, self.format_usage().strip())


class UsageError(Exception):
    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 check failed, 2 usage, 3 input, 4 not allowed)."""
    given = list(sys.argv[1:] if words is None else words)
    terminal = Terminal(as_json="--json" in given)
    try:
        return dispatch(given, terminal)
    except UsageError as error:
        terminal.fail(str(error), mend=error.usage)
        return 2
    except UserError as error:
        terminal.fail(error.what, where=error.where, mend=error.mend)
        return error.exit_code
    except KeyboardInterrupt:
        terminal.fail("Stopped.", mend="What was stored stays; run the same command again to go on.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return report_server(error, terminal) if is_server_away(error) else report_fault(error, terminal)


GLOBAL = ("--json", "--home", "--as")


def dispatch(given: list[str], terminal: Terminal) -> int:
    words = put_command_first(given)
    if not words or words[0] in (*GLOBAL, "-h", "--help", "help"):
        terminal.document({command.name: command.purpose for command in COMMANDS})
        terminal.print(overview())
        return 0
    if words[0] == "--version":
        terminal.document({"version": __version__})
        terminal.print(f"xmo {__version__}")
        return 0
    command = find_command(words[0])
    module: Any = importlib.import_module(f"openxmo.cli.commands.{command.module}")
    parser = Parser(prog=f"xmo {command.name}", description=module.__doc__, allow_abbrev=False)
    module.add_arguments(parser)
    add_common_arguments(parser)
    arguments = parser.parse_args(words[1:])
    start_office(arguments)
    code: int = module.run(arguments, terminal)
    return code


def start_office(arguments: argparse.Namespace) -> None:
    """Make the people's side ready for the folder that the command is about; what runs then may use its rows."""
    from openxmo.cli.asking import resolve_home
    from openxmo.office.lib.framework import set_up

    set_up(getattr(arguments, "folder", None) or resolve_home(arguments))


def put_command_first(words: list[str]) -> list[str]:
    """`xmo --json score nps` means `xmo score nps --json`: the options of all commands may stand before them."""
    rest, moved = list(words), []
    while rest and rest[0] in GLOBAL:
        count = 1 if rest[0] == "--json" else 2
        moved += rest[:count]
        rest = rest[count:]
    return rest + moved


def find_command(word: str) -> Command:
    for command in COMMANDS:
        if command.name == word:
            return command
    near = get_close_matches(word, [command.name for command in COMMANDS], n=1)
    hint = f"Did you mean `xmo {near[0]}`?" if near else "`xmo --help` lists the commands."
    raise UsageError(f"There is no command `{word}`", hint)


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, help="the office's folder (default OPENXMO_HOME, else ./var)")
    parser.add_argument("--as", dest="as_user", metavar="USER", help="with this person's rights, not the operator's")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else")


def overview() -> str:
    lines = ["xmo: the experience management office, from the command line", ""]
    stage = ""
    for command in COMMANDS:
        if command.stage != stage:
            stage = command.stage
            lines += [f"{stage}"]
        lines.append(f"  {command.name:<10} {command.purpose}")
    return "\n".join([*lines, "", "xmo COMMAND --help tells more. Every command takes --json, --home and --as."])


def is_server_away(error: Exception) -> bool:
    """Whether a database server could not be reached, or let nobody in: no statement of ours was at fault."""
    cause = error.__cause__
    if type(error).__name__ != "OperationalError" or not type(cause).__module__.startswith("psycopg"):
        return False
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(("08", "28", "3D", "57P"))


def report_server(error: Exception, terminal: Terminal) -> int:
    """What the server said names its address and the user, never the password."""
    terminal.fail(
        "The database server that DATABASE_URL names lets nobody in.",
        where=str(error).strip().partition("\n")[0],
        mend="Look whether it runs, and whether DATABASE_URL is right. Nothing was changed.",
    )
    return UnreadableInput.exit_code


def report_fault(error: Exception, terminal: Terminal) -> int:
    """A fault of ours: logged whole where a person can send it from, shown as one calm sentence."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="xmo-fault-", suffix=".log", delete=False) as log:
        log.write("".join(traceback.format_exception(error)))
    terminal.fail(
        "Something went wrong that is not your doing.",
        where=type(error).__name__,
        mend=f"What was stored before stays. Details are in {log.name}; it may hold data: read it before you share it.",
    )
    return EXIT_FAULT
