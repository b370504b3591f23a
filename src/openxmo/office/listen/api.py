"""Signals over the network: sending them, and what became of them."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from openxmo.office.govern.middleware import served_home
from openxmo.office.lib.clock import now
from openxmo.office.lib.documents import json_response
from openxmo.office.lib.scopes import Scope, needs
from openxmo.office.listen import intake

router = Router(tags=["signals"])
Receipt = Annotated[str, Path(max_length=60)]
BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "description": "one JSON object a line, as the signal's contract says"}}
        for kind in intake.KINDS[:1]
    },
}
ACKNOWLEDGED = {
    "type": "object",
    "required": ["receipt", "state", "bytes", "sha256"],
    "properties": {
        "receipt": {"type": "string", "description": "posts of up to 1 MiB of the same key and second share one"},
        "state": {"const": "waiting"},
        "bytes": {"type": "integer"},
        "sha256": {"type": "string", "description": "of the plain bytes that were sent"},
    },
}
COUNTS = ("bytes", "rows", "received", "accepted", "duplicates", "conflicts", "rejected", "withdrawn")
RECEIPT = {
    "type": "object",
    "required": ["receipt", "state"],
    "properties": {
        "receipt": {"type": "string"},
        "state": {"enum": ["waiting", "stored"]},
        "heard_at": {"type": "string", "format": "date-time"},
        "what": {"type": "string"},
        "source": {"type": ["string", "null"]},
        "reasons": {"type": "object", "additionalProperties": {"type": "integer"}},
        **{name: {"type": "integer"} for name in COUNTS},
    },
}


def documented(status: int, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {status: {"description": words, "content": {"application/json": {"schema": schema}}}}}


@router.post(
    "/signals",
    auth=needs(Scope.SIGNALS_WRITE),
    response={202: None},
    summary="Send signals",
    openapi_extra={"requestBody": BODY} | documented(202, "On the disk; it will be stored.", ACKNOWLEDGED),
)
def post_signals(
    request: HttpRequest,
    source: str | None = Query(  # type: ignore[type-arg]
        None, max_length=200, description="who sends, for rows that name no source"
    ),
    zone: str | None = Query(  # type: ignore[type-arg]
        None, max_length=60, description="of times that carry none, as Europe/Berlin"
    ),
) -> HttpResponse:
    """NDJSON, one signal or millions. The answer comes when the bytes are on the disk; ask the receipt for the rest."""
    done = intake.take_in(
        served_home(),
        read_request(request, source=source, zone=zone),
        most=settings.OPENXMO_MOST_BYTES,
        by=request.caller.by,  # type: ignore[attr-defined]
        at=now(),
    )
    return json_response(done, status=202)


def read_request(request: HttpRequest, *, source: str | None, zone: str | None) -> intake.Sent:
    length = request.META.get("CONTENT_LENGTH") or ""
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    return intake.Sent(
        stream=request.environ["wsgi.input"] if chunked else request,  # type: ignore[attr-defined]
        size=None if chunked else int(length) if length.isdigit() else 0,
        kind=request.META.get("CONTENT_TYPE", ""),
        encoding=request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower(),
        source=source,
        zone=zone,
    )


@router.get(
    "/receipts/{receipt}",
    auth=needs(Scope.SIGNALS_WRITE),
    response={200: None},
    summary="What became of what was sent",
    openapi_extra=documented(200, "It waits, or it is stored.", RECEIPT),
)
def get_receipt(request: HttpRequest, receipt: Receipt) -> HttpResponse:  # noqa: ARG001
    """Waiting, or stored: then received = accepted + duplicates + conflicts + rejected, in signals."""
    return json_response(intake.find(served_home(), receipt))
