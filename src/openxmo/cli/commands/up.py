"""Serve an office: pages, API and worker together, until Ctrl-C. If one of them ends, both end, and it says so."""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from openxmo.cli.serving import add_web_arguments, address_of, is_answering, prepare
from openxmo.cli.terminal import Terminal

PATIENCE = 30.0  # seconds that a child has to end what it is at
LOOK = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_web_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    home = prepare(arguments, terminal)
    from openxmo.office.config.serving import command_of

    web = command_of(host=arguments.host, port=arguments.port, workers=arguments.workers, threads=arguments.threads)
    worker = [sys.executable, "-m", "openxmo.cli", "worker", "--home", str(home)]
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: told.append(got))
    children = {"web": start(web), "worker": start(worker)}

    def goes_on() -> bool:
        return not told and all(child.poll() is None for child in children.values())

    if wait_for(lambda: is_answering(arguments), goes_on):
        terminal.document({"url": address_of(arguments), **{name: child.pid for name, child in children.items()}})
        terminal.print(f"The office is at {address_of(arguments)} (Ctrl-C ends).")
        terminal.flush()
    wait_for(lambda: False, goes_on)
    ended = {name: child.returncode for name, child in children.items() if child.returncode is not None}
    stop(children)
    if told:
        return 0
    for name, code in ended.items():
        how = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        terminal.fail(
            f"The {name} process {how}, so the office is down.", mend="What was acknowledged is kept; start it again."
        )
    return 1


def wait_for(holds: Callable[[], bool], goes_on: Callable[[], bool]) -> bool:
    """Looks until it holds; False where it did not come to that."""
    while goes_on():
        if holds():
            return True
        time.sleep(LOOK)
    return False


def start(command: list[str]) -> "subprocess.Popen[Any]":
    """A child in a group of its own, so that Ctrl-C reaches it only through us and once."""
    from openxmo.office.lib.parents import environment_of_child

    return subprocess.Popen(command, env=environment_of_child(), stdout=sys.stderr, start_new_session=True)


def stop(children: "dict[str, subprocess.Popen[Any]]") -> None:
    """Lets each end the piece it is at; who does not end in time is killed, which loses nothing."""
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    for child in children.values():
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
