"""The short way for signals: no session, no language, no template, one look at the key.

`POST /api/v1/signals` answers here as the operation in `listen/api.py` does; what carries an
Idempotency-Key takes the long way, on which answers are kept.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpResponse

from openxmo.core.errors import UserError
from openxmo.office.config.callers import Caller, Recent, caller_of_key
from openxmo.office.govern.middleware import served_home
from openxmo.office.lib.clock import now
from openxmo.office.lib.documents import write_json
from openxmo.office.lib.limits import Buckets
from openxmo.office.lib.problems import Refused, problem, problem_of
from openxmo.office.lib.scopes import Scope
from openxmo.office.listen import intake

ADDRESS = "/api/v1/signals"
PARAMETERS = ("source", "zone")
logger = logging.getLogger("openxmo.api")
Environ = dict[str, Any]
Start = Callable[..., Any]


def is_posting(environ: Environ) -> bool:
    return bool(
        environ.get("PATH_INFO") == ADDRESS
        and environ.get("REQUEST_METHOD") == "POST"
        and "HTTP_IDEMPOTENCY_KEY" not in environ
    )


def look_up(header: str) -> Caller | None:
    close_old_connections()
    caller = caller_of_key(header)
    if caller is not None:
        caller.check(Scope.SIGNALS_WRITE)
    return caller


RECENT = Recent(look_up)


@cache
def buckets() -> Buckets:
    return Buckets(settings.OPENXMO_POSTS_PER_MINUTE)


def post_signals(environ: Environ, start: Start) -> Iterable[bytes]:
    headers: dict[str, str] = {}
    try:
        caller = find_sender(environ)
        standing = buckets().take(f"key:{caller.name}")
        headers = standing.headers()
        if not standing.allowed:
            raise Refused(429, f"This key may send {standing.limit:,} times a minute.", mend="Wait, then go on.")
        done = intake.take_in(
            served_home(), read_environ(environ), most=settings.OPENXMO_MOST_BYTES, by=caller.by, at=now()
        )
    except UserError as error:
        return send(problem_of(error), headers, start)
    except Exception:
        logger.exception("signals could not be taken in")
        return send(problem(500, "It is logged.", mend="Nothing was taken; send it again."), headers, start)
    body = write_json(done).encode()
    start(
        "202 Accepted",
        [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers.items()],
    )
    return [body]


def find_sender(environ: Environ) -> Caller:
    caller = RECENT.get(environ.get("HTTP_AUTHORIZATION", ""))
    if caller is None:
        raise Refused(401, "No key that is known came with this.", mend="Send `Authorization: Bearer KEY`.")
    return caller


def read_environ(environ: Environ) -> intake.Sent:
    """The body and what its head says of it; a parameter that is not known may be a misspelt one."""
    query = environ.get("QUERY_STRING", "")
    asked = parse_qs(query, keep_blank_values=True) if query else {}
    for name in asked:
        if name not in PARAMETERS:
            raise Refused(422, f"Signals are not sent with `{name[:80]}`.", mend="There are: source, zone.")
    length = str(environ.get("CONTENT_LENGTH") or "")
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    return intake.Sent(
        stream=environ["wsgi.input"],
        size=None if chunked else int(length) if length.isdigit() else 0,
        kind=environ.get("CONTENT_TYPE", ""),
        encoding=environ.get("HTTP_CONTENT_ENCODING", "").strip().lower(),
        source=asked.get("source", [None])[-1],
        zone=asked.get("zone", [None])[-1],
    )


def send(response: HttpResponse, headers: dict[str, str], start: Start) -> Iterable[bytes]:
    told = {**response.headers, **headers, "Content-Length": str(len(response.content))}
    if response.status_code == 401:
        told["WWW-Authenticate"] = "Bearer"
    start(f"{response.status_code} {response.reason_phrase}", list(told.items()))
    return [response.content]
