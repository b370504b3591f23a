"""What happened in this contact? Its context, what was said, what was answered, and which contact it repeats."""

import argparse
from typing import Any

from openxmo.cli.asking import add_time_arguments, open_for
from openxmo.cli.numbers import show_number
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("contact", metavar="CONTACT", help="the contact's key, as its source names it")
    add_time_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    answer = open_for(arguments).contact(arguments.contact, as_of=arguments.as_of, known_at=arguments.known_at)
    document = answer.to_document()
    terminal.document(document)
    show_contact(document, terminal)
    return 0


def show_contact(document: dict[str, Any], terminal: Terminal) -> None:
    if document["suppressed"]:
        terminal.print("An employee's contact is protected: only that it happened may be told.")
        return
    facts = [(name.replace("_", " "), tell(value)) for name, value in document.items() if not isinstance(value, list)]
    terminal.table(["", ""], [fact for fact in facts if fact[1]], title=f"What happened in {document['contact']}?")
    if document["answers"]:
        rows = [[a["name"], a["item"], show_number(a["value"]), a["scale"], a["text"]] for a in document["answers"]]
        terminal.table(["answer", "about", "value", "scale", "words"], rows, title="What was answered?", right=(2,))
    for line in document["transcript"]:
        terminal.print(f"  {line['who']}: {line['text']}")


def tell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {told}" for name, told in value.items() if told)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
