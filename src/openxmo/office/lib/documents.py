"""JSON as the command writes it: the same document on the terminal, over HTTP and in a file."""

import json
from typing import Any

from django.http import HttpResponse


def write_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, default=str)


def json_response(document: Any, *, status: int = 200) -> HttpResponse:
    return HttpResponse(write_json(document), status=status, content_type="application/json")
