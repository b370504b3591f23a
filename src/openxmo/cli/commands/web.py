"""Serve the pages and the API of an office; `xmo up` serves them together with the worker."""

import argparse
import os

from openxmo.cli.serving import add_web_arguments, address_of, prepare
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_web_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    prepare(arguments, terminal)
    from openxmo.office.config.serving import command_of

    terminal.document({"url": address_of(arguments)})
    terminal.print(f"The office is at {address_of(arguments)} (Ctrl-C ends).")
    terminal.flush()
    command = command_of(host=arguments.host, port=arguments.port, workers=arguments.workers, threads=arguments.threads)
    # A fresh program in this process's place: nothing that was opened here reaches the processes that serve.
    os.execv(command[0], command)
