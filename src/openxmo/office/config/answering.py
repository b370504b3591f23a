"""How every request to the API is answered: who calls, how often, what was answered before, and errors in one shape."""

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import URLPattern

from openxmo.core.errors import UserError
from openxmo.office.config.callers import Caller, find_caller, let_in
from openxmo.office.jobs.models import KeptResponse
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import Entry
from openxmo.office.lib.limits import Buckets
from openxmo.office.lib.problems import CONTENT_TYPE, Refused, problem, problem_of
from openxmo.office.listen import intake
from openxmo.office.listen.api import read_request

CHANGES = ("POST", "PUT", "PATCH", "DELETE")
KEPT = timedelta(hours=24)
LONGEST_KEY = 255
NOT_KEPT = (401, 403, 409, 429)
ENTRY = Entry("all", why="the API asks for a key itself: each operation declares its scope")
logger = logging.getLogger("openxmo.api")
View = Callable[..., HttpResponse]


@cache
def buckets() -> Buckets:
    return Buckets(settings.OPENXMO_CALLS_PER_MINUTE)


def answering(view: View) -> View:
    """The view of an operation, for a caller who is known, not too often, and once for each Idempotency-Key."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            caller = find_caller(request)
            if caller is not None:
                let_in(request, caller)
            standing = buckets().take(name_of(request, caller))
            if standing.allowed:
                response = once(request, caller, lambda: view(request, *args, **kwargs))
            else:
                response = problem(429, f"This key may call {standing.limit} times a minute.", mend="Wait, then go on.")
            for name, value in standing.headers().items():
                response[name] = value
            return in_one_shape(response)
        except UserError as error:
            return problem_of(error)
        except Http404:
            return problem(404, "There is no such address.")
        except RequestDataTooBig:
            return problem(413, "The body is too large for this address.")
        except UnreadablePostError:
            return problem(400, "The body breaks off.", mend="Send it again.")
        except Exception:
            logger.exception("an operation of the API failed")
            return problem(500, "It is logged.", mend="What was stored before stays.")

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # keys are not sent by themselves; people may only read
    answer.entry = ENTRY  # type: ignore[attr-defined]
    return answer


def wrap_all(patterns: list[Any]) -> None:
    """Puts every address of the API behind `answering`."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = answering(pattern.callback)


def name_of(request: HttpRequest, caller: Caller | None) -> str:
    if caller is None:
        return f"address:{get_client_ip(request) or ''}"  # the caller's, not that of the web server in front
    return f"{'key' if caller.scopes is not None else 'person'}:{caller.name}"


def in_one_shape(response: HttpResponse) -> HttpResponse:
    """An error that a library worded becomes a problem like all others."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith(CONTENT_TYPE):
        return response
    words = {404: "There is no such address.", 405: "This address does not know that method."}
    found = problem(response.status_code, words.get(response.status_code, "It was not done."))
    for name in ("Allow", "Retry-After", *(key for key in response.headers if key.startswith("RateLimit"))):
        if response.has_header(name):
            found[name] = response[name]
    return found


# ONCE FOR EACH IDEMPOTENCY-KEY


def once(request: HttpRequest, caller: Caller | None, run: Callable[[], HttpResponse]) -> HttpResponse:
    """What `run` answers; for a key that came before, what was answered then, and nothing happens again."""
    given = request.headers.get("Idempotency-Key")
    if given is None or caller is None or request.method not in CHANGES:
        return run()
    if not 0 < len(given) <= LONGEST_KEY:
        raise Refused(400, "The Idempotency-Key is empty or longer than 255 letters.", mend="Send a UUID.")
    whose = {"caller": name_of(request, caller), "key": hash_of(given)}
    KeptResponse.objects.filter(**whose, at__lt=now() - KEPT).delete()
    return (once_streamed if is_streamed(request) else once_whole)(request, whose, run)


def is_streamed(request: HttpRequest) -> bool:
    """Signals come by the million: their body is never in memory, and no transaction waits for it."""
    return request.path.endswith("/signals")


def once_whole(request: HttpRequest, whose: dict[str, str], run: Callable[[], HttpResponse]) -> HttpResponse:
    """The deed and its answer are one transaction: who asks at the same moment waits; after a kill neither is there."""
    asked = hash_of(f"{request.method} {request.get_full_path()}\n".encode() + request.body)
    with transaction.atomic():
        kept, is_new = KeptResponse.objects.get_or_create(**whose, defaults={"request": asked, "at": now()})
        if not is_new:
            return again(kept, asked)
        response = run()
        if is_kept(response):
            fill(kept, response).save()
        else:
            kept.delete()
            transaction.set_rollback(response.status_code >= 500)
        return response


def once_streamed(request: HttpRequest, whose: dict[str, str], run: Callable[[], HttpResponse]) -> HttpResponse:
    """The bytes are on the disk before the answer is kept: after a kill in between they count as duplicates."""
    asked = hash_of(f"{request.method} {request.get_full_path()}")
    kept = KeptResponse.objects.filter(**whose).first()
    if kept is None:
        response = run()
        if not is_kept(response):
            return response
        try:
            with transaction.atomic():
                fill(KeptResponse(**whose, request=asked, at=now()), response).save()
            return response
        except IntegrityError:  # the same was sent twice at once
            return again(KeptResponse.objects.get(**whose), asked)
    if kept.status < 400 and hash_of_body(request) != json.loads(kept.body)["sha256"]:
        raise sent_before()
    return again(kept, asked)


def hash_of_body(request: HttpRequest) -> str:
    digest = hashlib.sha256()
    for piece in intake.unpacked(read_request(request, source=None, zone=None)):
        digest.update(piece)
    return digest.hexdigest()


def is_kept(response: HttpResponse) -> bool:
    return response.status_code < 500 and response.status_code not in NOT_KEPT


def fill(kept: KeptResponse, response: HttpResponse) -> KeptResponse:
    kept.status, kept.kind = response.status_code, response.get("Content-Type", "")
    kept.body = response.content.decode()
    return kept


def again(kept: KeptResponse, asked: str) -> HttpResponse:
    if kept.request != asked:
        raise sent_before()
    response = HttpResponse(kept.body, status=kept.status, content_type=kept.kind)
    response["Idempotency-Replayed"] = "true"
    return response


def sent_before() -> Refused:
    return Refused(
        422, "This Idempotency-Key was sent before with another request.", mend="Take a new key for a new request."
    )


def hash_of(words: str | bytes) -> str:
    return hashlib.sha256(words.encode() if isinstance(words, str) else words).hexdigest()
