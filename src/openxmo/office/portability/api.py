"""The office file over the network: as `xmo export` writes it, applied as `xmo apply` applies it."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router

from openxmo.office.govern.requests import ApiRequest
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
def get_office(request: ApiRequest) -> HttpResponse:
    """The whole office as text that can be applied again."""
    return HttpResponse(export(request.office), content_type=f"{KIND}; charset=utf-8")


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
    request: ApiRequest,
    check: Annotated[bool, Query(description="only say what would change")] = False,
    prune: Annotated[bool, Query(description="take out of use what the file leaves out")] = False,
) -> HttpResponse:
    """Makes the office as the file says. What the file leaves out stays, unless it is pruned.

    Who holds which role, and where, changes only by a key that has the scope `roles:write` as well.
    """
    if request.content_type not in (KIND, "text/plain"):
        raise Refused(415, "An office file is TOML.", mend=f"Send it with `Content-Type: {KIND}`.")
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        raise Refused(422, "The office file is not in UTF-8.", mend="Nothing was changed.") from None
    may = Scope.ROLES_WRITE in (request.caller.scopes or ())
    return json_response(describe(apply(request.office, text, prune=prune, check=check, with_roles=may)))


def describe(changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = changes.to_document()
    return document
