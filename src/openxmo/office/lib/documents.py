"""JSON as the command writes it: the same document on the terminal, over HTTP and in a file."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=str)


def write_json(document: Any) -> str:
    return ENCODER.encode(document)


def write_row(row: object, plain: Iterable[str], dates: Iterable[str] = ()) -> dict[str, Any]:
    """These fields of a row, the dates and moments among them as ISO 8601 or null."""
    told: dict[str, Any] = {name: getattr(row, name) for name in plain}
    return told | {name: None if (at := getattr(row, name)) is None else at.isoformat() for name in dates}


def json_response(document: Any, *, status: int = 200) -> HttpResponse:
    return HttpResponse(write_json(document), status=status, content_type="application/json")
