"""Keys for programs: make one (shown once), list them, revoke one."""

import argparse

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal

DEEDS = ("add", "list", "revoke")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", choices=DEEDS, metavar="DEED", help=", ".join(DEEDS))
    parser.add_argument("name", nargs="?", metavar="NAME", help="the program that will use it")
    parser.add_argument(
        "--scope", action="append", default=[], metavar="S", help="signals:write, questions:read …; several times"
    )
    parser.add_argument(
        "--acts-as", metavar="USER", help="with this person's rights and units (add: --as does the same)"
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.core.errors import WrongUsage

    if arguments.deed == "add" and arguments.as_user and not arguments.acts_as:
        arguments.acts_as, arguments.as_user = arguments.as_user, None
    from openxmo.office.accounts.roles import Right
    from openxmo.office.lib.database import require_served

    session = open_for(arguments)
    session.require(Right.KEEP_SYSTEM)
    require_served(session.home.path)
    if arguments.deed == "list":
        return show_list(terminal)
    if not arguments.name:
        raise WrongUsage("No key is named.", mend=f"xmo key {arguments.deed} NAME")
    from openxmo.office.accounts import keys

    by, at = session.viewer.name, session.clock()
    if arguments.deed == "revoke":
        keys.revoke_key(arguments.name, by=by, at=at)
        terminal.document({"name": arguments.name, "revoked": True})
        terminal.print(f"The key {arguments.name} opens nothing any more.")
        return 0
    from openxmo.office.govern.queries import access_of, find_person

    if arguments.acts_as:
        find_person(session.home, arguments.acts_as)
    maker = access_of(session.home, session.as_user, at=at) if session.as_user else None
    _key, presented = keys.add_key(
        arguments.name, scopes=arguments.scope, acts_as=arguments.acts_as, maker=maker, by=by, at=at
    )
    terminal.document({"key": presented})
    terminal.print(f"The key {arguments.name}, shown once: {presented}")
    return 0


def show_list(terminal: Terminal) -> int:
    from openxmo.office.accounts.models import ApiKey

    rows = [
        {
            "name": key.name,
            "scopes": key.scopes,
            "acts_as": key.acts_as,
            "made_by": key.made_by,
            "made_at": key.made_at.isoformat(),
            "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
            "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        }
        for key in ApiKey.objects.all()
    ]
    terminal.document({"keys": rows})
    terminal.table(
        ["name", "scopes", "acts as", "last used", "revoked"],
        [
            [row["name"], ", ".join(row["scopes"]), row["acts_as"], row["last_used_at"], row["revoked_at"]]
            for row in rows
        ],
    )
    return 0
