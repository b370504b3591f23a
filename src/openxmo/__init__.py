"""OpenXMO: an open-source Experience Management Office.

`openxmo.open(home)` opens an office; `openxmo.score(metric, lake=…)` asks a lake directly.
What is named here is imported when it is first used, so that `xmo --help` answers at once.
"""

from typing import TYPE_CHECKING, Any

from openxmo.version import __version__

__all__ = ["Metric", "Score", "Session", "UserError", "__version__", "explain", "open", "score"]

if TYPE_CHECKING:
    from openxmo.core.errors import UserError
    from openxmo.core.metrics.metric import Metric, Score
    from openxmo.library import Session, explain, open, score

PLACES = {
    "Metric": "openxmo.core.metrics.metric",
    "Score": "openxmo.core.metrics.metric",
    "UserError": "openxmo.core.errors",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"openxmo has no {name}")
    import importlib

    return getattr(importlib.import_module(PLACES.get(name, "openxmo.library")), name)
