"""The exit door. `release` is the only maker of a `Released`, and a `Released` is all that leaves the house."""

from openxmo.core.release.door import release
from openxmo.core.release.history import FileHistory, History, MemoryHistory
from openxmo.core.release.looks import Look, LookLog
from openxmo.core.release.released import Releasable, Released
from openxmo.core.release.rules import AgentDisclosure, Rules, rules_of
from openxmo.core.release.viewer import OPERATOR, Viewer, scope_of

__all__ = [
    "OPERATOR",
    "AgentDisclosure",
    "FileHistory",
    "History",
    "Look",
    "LookLog",
    "MemoryHistory",
    "Releasable",
    "Released",
    "Rules",
    "Viewer",
    "release",
    "rules_of",
    "scope_of",
]
