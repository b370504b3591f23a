"""Who can sign in: add a person with a role, list them, give a new password or a link, sign somebody out everywhere."""

import argparse
import sys
from typing import Any

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal

DEEDS = ("add", "list", "reset", "link", "sign-out", "forget-second-factor", "forget-provider")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", choices=DEEDS, metavar="DEED", help=", ".join(DEEDS))
    parser.add_argument("name", nargs="?", metavar="NAME", help="whom: the name they sign in with")
    parser.add_argument("--role", action="append", default=[], metavar="R", help="xmo_lead, analyst, agent …")
    parser.add_argument("--unit", action="append", default=[], metavar="U", help="what they see: units, with all below")
    parser.add_argument("--email", default="", metavar="E")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from stdin; else one is made")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.core.errors import WrongUsage
    from openxmo.office.accounts.roles import Right
    from openxmo.office.lib.database import require_served

    session = open_for(arguments)
    session.require(Right.KEEP_SYSTEM)
    require_served(session.home.path)
    if arguments.deed == "list":
        return show_list(session, terminal)
    if not arguments.name:
        raise WrongUsage("Nobody is named.", mend=f"xmo user {arguments.deed} NAME")
    return change(session, arguments, terminal)


def show_list(session: object, terminal: Terminal) -> int:
    from openxmo.library import Session
    from openxmo.office.govern.people import list_admitted

    assert isinstance(session, Session)
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "roles": list(one.roles),
            "units": list(one.units),
            "can_sign_in": one.can_sign_in,
            "last_sign_in": one.user.last_login.isoformat() if one.user and one.user.last_login else None,
        }
        for one in list_admitted(session.home)
    ]
    terminal.document({"users": rows})
    terminal.table(
        ["name", "roles", "units", "can sign in", "last"],
        [
            [
                row["name"],
                ", ".join(row["roles"]),
                ", ".join(row["units"]),
                "yes" if row["can_sign_in"] else "no",
                row["last_sign_in"],
            ]
            for row in rows
        ],
    )
    return 0


def change(session: object, arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.library import Session
    from openxmo.office.accounts import actions
    from openxmo.office.govern.people import admit

    assert isinstance(session, Session)
    name = arguments.name
    done: dict[str, Any] = {"by": session.viewer.name, "at": session.clock()}
    if arguments.deed == "sign-out":
        ended = actions.end_sessions(name, **done)
        terminal.document({"name": name, "ended": ended})
        terminal.print(f"{name} is signed out of {ended} browsers.")
        return 0
    if arguments.deed == "forget-second-factor":
        found = actions.forget_second_factor(name, **done)
        terminal.document({"name": name, "forgotten": found})
        terminal.print(f"{name} signs in with the password alone now.")
        return 0
    if arguments.deed == "link":
        link = actions.make_link(name, **done)
        terminal.document({"name": name, "link": link})
        terminal.print(f"{name} sets their password there, once, within a day: {link}")
        return 0
    if arguments.deed == "forget-provider":
        found = actions.forget_provider(name, **done)
        terminal.document({"name": name, "forgotten": found})
        terminal.print(f"The next account at the identity provider that is called {name} signs in as {name}.")
        return 0
    given = sys.stdin.readline().rstrip("\r\n") if arguments.password_stdin else None
    if arguments.deed == "reset":
        password = actions.reset_password(name, password=given, **done)
    else:
        password = admit(
            session.home,
            name,
            roles=arguments.role,
            units=arguments.unit,
            email=arguments.email,
            password=given,
            **done,
        )
    terminal.document({"name": name, "password": None if given else password})
    terminal.print(
        f"{name} can sign in." if given else f"{name} can sign in with this password, shown once: {password}"
    )
    return 0
