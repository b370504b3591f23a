"""What `xmo web` and `xmo up` share: where to listen, and an office that is ready."""

import argparse
import os
import socket
from pathlib import Path

from openxmo.cli.asking import resolve_home
from openxmo.cli.terminal import Terminal


def add_web_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="where to listen (default 8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="the address to listen at (default: this machine alone)"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes that serve (default 1)")
    parser.add_argument("--threads", type=int, default=8, metavar="N", help="threads of each (default 8)")


def prepare(arguments: argparse.Namespace, terminal: Terminal) -> Path:
    """The home, ready to be served by this process and its children; words for what stands in the way."""
    from openxmo.core.errors import NotAllowed, WrongUsage
    from openxmo.office.lib.framework import set_up
    from openxmo.office.lib.parents import PARENT

    if arguments.as_user is not None:
        raise NotAllowed("Only the operator serves the office.", mend="Leave --as out.")
    for name in ("port", "workers", "threads"):
        if getattr(arguments, name, 1) < 1:
            raise WrongUsage(f"--{name} is {getattr(arguments, name)}; it must be 1 or more.")
    home = resolve_home(arguments).absolute()
    os.environ["OPENXMO_HOME"] = str(home)
    if hasattr(arguments, "port"):
        os.environ.setdefault("OPENXMO_URL", address_of(arguments))
    set_up(home)
    from openxmo.office.jobs.readiness import check_port, make_ready

    for warning in make_ready(home):
        if PARENT not in os.environ:  # `xmo up` has said it already
            terminal.say(f"Mind: {warning}")
    if hasattr(arguments, "port"):
        check_port(arguments.host, arguments.port)
    return home


def is_answering(arguments: argparse.Namespace) -> bool:
    """Whether somebody listens where the office is served."""
    try:
        socket.create_connection((host_of(arguments), arguments.port), timeout=1).close()
    except OSError:
        return False
    return True


def host_of(arguments: argparse.Namespace) -> str:
    """Where this machine reaches it."""
    host: str = arguments.host
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def address_of(arguments: argparse.Namespace) -> str:
    host = host_of(arguments)
    return f"http://{f'[{host}]' if ':' in host else host}:{arguments.port}"
