"""OpenXMO from Python: an office opened by somebody, whose rights hold for every answer."""

from openxmo.library.direct import explain, score
from openxmo.office.govern.session import Session, open
from openxmo.office.portability.keeping import make_office, restore_office, upgrade_office

__all__ = ["Session", "explain", "make_office", "open", "restore_office", "score", "upgrade_office"]
