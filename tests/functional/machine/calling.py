"""How a program calls the API in these tests, and what shape a problem has."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.door.open_batches import wait_until_closed
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.lib.clock import now
from tests.spec.signals.door import as_lines

Program = Callable[..., Client]
NDJSON = "application/x-ndjson"
SIGNALS = "/api/v1/signals"


def post(client: Client, *rows: object, kind: str = NDJSON, query: str = "", **more: Any) -> Any:
    return client.post(SIGNALS + query, as_lines(list(rows)), content_type=kind, **more)


def store(home: Home) -> list[Any]:
    wait_until_closed(home)
    return drain_inbox(Lake.open(home), sources={}, by="worker", at=now())


def shape_of(response: Any) -> dict[str, Any]:
    """The problem document; fails where an error has another shape."""
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(response.content)
    assert document["status"] == response.status_code
    assert document["type"].startswith("urn:openxmo:problem:")
    assert document["title"]
    assert all(isinstance(value, str | int | list) for value in document.values())
    return document
