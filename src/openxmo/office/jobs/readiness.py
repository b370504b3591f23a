"""Whether the office in a folder can be served: its database up to date, its settings sound."""

import socket
from collections.abc import Iterable
from pathlib import Path

from django.core.checks import ERROR, CheckMessage, run_checks

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.lib.database import database_of, make_database, migrate_database
from openxmo.office.portability.health import unapplied, unknown


def make_ready(home: Path) -> list[str]:
    """Migrates the database and checks the settings; returns warnings, and raises for what must be mended first."""
    Lake.open(Home.at(home))
    make_database(home)
    alias = database_of(home)
    refuse_newer(alias)
    if unapplied(alias):
        migrate_database(home)
    found = run_checks(include_deployment_checks=False)
    errors = [one for one in found if one.level >= ERROR]
    if errors:
        raise WrongUsage(tell(errors[:1]), mend=str(errors[0].hint or ""))
    return [tell([one]) + (f" {one.hint}" if one.hint else "") for one in found]


def refuse_newer(alias: str) -> None:
    if newer := unknown(alias):
        raise WrongUsage(
            f"The office's database was made by a newer OpenXMO ({', '.join(sorted(newer)[:3])}).",
            mend="Install the newer version.",
        )


def tell(messages: Iterable[CheckMessage]) -> str:
    return " ".join(str(one.msg) for one in messages)


def check_port(host: str, port: int) -> None:
    """Another program at the address is told before anything starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise WrongUsage(f"--port is {port}; ports end at 65535.") from None
        except OSError as error:
            raise WrongUsage(
                f"Nothing can listen at {host}:{port}: {(error.strerror or str(error)).lower()}.",
                mend="Another program may be there; choose another port with --port.",
            ) from None
