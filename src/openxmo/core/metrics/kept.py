"""Expressions kept between questions: building one takes longer than a small lake takes to answer it."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec

from openxmo.core.metrics.asked import Asked, Reading

KEPT_EXPRESSIONS = 256
_expressions: OrderedDict[bytes, Any] = OrderedDict()
_lock = threading.Lock()


def keep(asked: Asked, reading: Reading, origin: float, build: Callable[[], Any], *, also: object = None) -> Any:
    """What `build` makes of a question; the same question over the same definitions is built once.

    `also` is whatever else tells it from what others build of the same question. Expressions name
    tables and not files, so they stay valid when the lake moves on.
    """
    key = _key(asked, reading, origin, also)
    with _lock:
        if key in _expressions:
            _expressions.move_to_end(key)
            return _expressions[key]
    built = build()
    with _lock:
        _expressions[key] = built
        while len(_expressions) > KEPT_EXPRESSIONS:
            _expressions.popitem(last=False)
    return built


def _key(asked: Asked, reading: Reading, origin: float, also: object) -> bytes:
    question = (
        *(asked.metric, asked.by, asked.where, asked.since, asked.until, asked.every),
        *(asked.weighted, asked.include_excluded, None if asked.scope is None else sorted(asked.scope)),
    )
    # The day judged from only matters to where the zone's periods begin.
    setting = (
        *(reading.engine.name, reading.definitions.zone, list(reading.definitions.dimensions.values())),
        *(reading.bound, reading.known_at, reading.first_day, reading.as_of.date(), origin),
        reading.constants(asked.metric.signal),
    )
    return msgspec.json.encode((question, setting, also))
