"""The people of the tests: the same in every test, so that a name says what it may do.

Carl is from another unit and must be refused everywhere.
"""

from openxmo.core.release import OPERATOR, Viewer

NORTH = frozenset({"north"})

ADA = Viewer(name="Ada", roles=("analyst",), reads_scores=True, units=None)
TOM = Viewer(name="Tom", roles=("team_lead",), reads_scores=True, units=NORTH, leads=frozenset({"x"}))
AMY = Viewer(name="Amy", roles=("agent",), reads_scores=True, units=NORTH, agent="amy")
OTTO = OPERATOR
ROOT = Viewer(name="Root", roles=("administrator",), reads_scores=False, units=None)
CARL = Viewer(name="Carl", roles=("team_lead",), reads_scores=True, units=frozenset({"south"}), leads=frozenset({"z"}))

EVERYBODY = (ADA, TOM, AMY, OTTO, ROOT, CARL)
