"""The office file over the network: as `xmo export` writes it, applied as `xmo apply` applies it."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openxmo.office.govern.session import Session
from openxmo.office.lib.documents import json_response
from openxmo.office.lib.problems import Refused
from openxmo.office.lib.scopes import Scope, needs
from openxmo.office.portability.keeping import apply, export

router = Router(tags=["office"])
KIND = "application/toml"
TOML = {KIND: {"schema": {"type": "string", "description": "an office file"}}}
CHANGED = {
    "type": "object",
    "required": ["added", "changed", "archived", "unchanged", "breaks", "check"],
    "properties": {"check": {"type": "boolean", "description": "true where nothing was changed"}},
}


@router.get(
    "/office",
    auth=needs(Scope.METRICS_WRITE),
    response={200: None},
    summary="The office file",
    operation_id="get_office",
    openapi_extra={"responses": {200: {"description": "the office as it stands", "content": TOML}}},
)
def get_office(request: HttpRequest) -> HttpResponse:
    """The whole office as text that can be applied again."""
    return HttpResponse(export(office_of(request)), content_type=f"{KIND}; charset=utf-8")


@router.put(
    "/office",
    auth=needs(Scope.METRICS_WRITE),
    response={200: None, 413: None, 415: None},
    summary="Apply an office file",
    operation_id="put_office",
    openapi_extra={
        "requestBody": {"required": True, "content": TOML},
        "responses": {200: {"description": "what changed", "content": {"application/json": {"schema": CHANGED}}}},
    },
)
def put_office(
    request: HttpRequest,
    check: Annotated[bool, Query(description="only say what would change")] = False,
    prune: Annotated[bool, Query(description="take out of use what the file leaves out")] = False,
) -> HttpResponse:
    """Makes the office as the file says. What the file leaves out stays, unless it is pruned."""
    if request.content_type not in (KIND, "text/plain"):
        raise Refused(415, "An office file is TOML.", mend=f"Send it with `Content-Type: {KIND}`.")
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        raise Refused(422, "The office file is not in UTF-8.", mend="Nothing was changed.") from None
    return json_response(describe(apply(office_of(request), text, prune=prune, check=check)))


def office_of(request: HttpRequest) -> Session:
    found: Session = request.office  # type: ignore[attr-defined]
    return found


def describe(changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = changes.to_document()
    return document
