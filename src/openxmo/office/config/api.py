"""The API: what each room offers in its `api.py`, behind keys with scopes, described by `/api/v1/openapi.json`."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI, Router
from ninja.constants import NOT_SET
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.security.base import AuthBase

from openxmo.core.errors import UserError
from openxmo.office.config.answering import answering, wrap_all
from openxmo.office.lib.documents import json_response
from openxmo.office.lib.entry import open_to_all
from openxmo.office.lib.problems import CONTENT_TYPE, SCHEMA, TITLES, problem, problem_of
from openxmo.office.lib.scopes import BearerKey
from openxmo.version import __version__

ROOMS = ("listen", "understand", "govern", "decide", "act", "prove", "portability")
TOLD = (400, 401, 403, 404, 422, 429, 503)  # statuses that every operation may answer, beside its own
ABOUT = """
Send signals, ask questions, and work with cases, the backlog, recommendations and initiatives.

Every call but this description needs a key as `Authorization: Bearer KEY`, made by `xmo key add`. A key has scopes, and
the rights of the person it acts as. Errors are problem documents (RFC 9457). Lists come in pages: ask again with `next`
as `cursor`. A request that changes something may carry an `Idempotency-Key`: sent again within 24 hours it is answered
as the first time, and nothing happens twice. `RateLimit-Remaining` tells how many calls are left.
"""


class Closed(AuthBase):
    """Nobody: an operation that declares no scope is called by no one."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Any:  # noqa: ARG002
        return None


class Api(NinjaAPI):
    """An API whose description says the errors, too."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        schema: Any = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"].setdefault("schemas", {})["Problem"] = SCHEMA
        for operations in schema["paths"].values():
            for operation in operations.values():
                describe_errors(operation["responses"])
        return schema


def describe_errors(responses: dict[Any, Any]) -> None:
    told = {"schema": {"$ref": "#/components/schemas/Problem"}}
    listed = [status for status in responses if int(status) >= 400]
    for status in {*TOLD, *(int(status) for status in listed)}:
        responses.pop(status, None)
        responses[str(status)] = {"description": TITLES[status], "content": {CONTENT_TYPE: told}}


def routers() -> Iterator[tuple[str, Router]]:
    """The routers of all rooms that offer one."""
    for room in ROOMS:
        name = f"openxmo.office.{room}.api"
        if find_spec(name):
            module = import_module(name)
            yield getattr(module, "PREFIX", ""), module.router


def make_api() -> Api:
    api = Api(
        title="OpenXMO",
        version=__version__,
        description=ABOUT,
        auth=Closed(),
        openapi_url=None,
        docs_url=None,
        urls_namespace="api-1",
    )
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        UserError: lambda _, error: problem_of(error),
        HttpError: lambda _, error: of_library(error),
        Http404: lambda *_: problem(404, "There is no such thing."),
        ValidationError: lambda _, error: problem(422, "Some of it is off.", **fields_of(error)),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    for prefix, router in routers():
        api.add_router(prefix, router)
    return api


def of_library(error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        response = problem(401, "No key that is known came with this.", mend="Send `Authorization: Bearer KEY`.")
        response["WWW-Authenticate"] = "Bearer"
        return response
    return problem(error.status_code, str(error.message))


def fields_of(error: ValidationError) -> dict[str, Any]:
    """Each field that is off by its name, with what is wrong with it."""
    told = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]), "detail": str(one["msg"])}
        for one in error.errors
    ]
    return {"fields": told}


def operations(api: NinjaAPI) -> Iterator[tuple[str, Operation]]:
    for bound in api._get_bound_routers():
        for address, view in bound.path_operations.items():
            for operation in view.operations:
                yield f"{bound.prefix}{address}", operation


def check_scopes(api: NinjaAPI) -> None:
    """`LookupError` for an operation that does not say who may call it."""
    for address, operation in operations(api):
        declared = operation.auth_callbacks if operation.auth_param is not NOT_SET else []
        if not all(isinstance(one, BearerKey) for one in declared) or not operation.auth_callbacks:
            raise LookupError(f"{address} declares no scope")


@cache
def api() -> Api:
    return make_api()


@cache
def description() -> dict[str, Any]:
    found: dict[str, Any] = dict(api().get_openapi_schema())
    return found


@open_to_all(why="the description of the API tells nothing of the office")
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return json_response(description())


def not_found(request: HttpRequest, **_: Any) -> HttpResponse:  # noqa: ARG001
    return problem(404, "There is no such address.", mend="/api/v1/openapi.json lists all of them.")


def api_urls() -> list[URLPattern | URLResolver]:
    """The addresses below `/api/v1/`."""
    patterns = list(api().urls[0])
    wrap_all(patterns)
    return [path("openapi.json", openapi), *patterns, path("<path:rest>", answering(not_found))]
