"""The journey stages that signals name: words of a facet that nobody had to declare."""

from functools import lru_cache

from openxmo.core.signals.engines.standing import STANDING
from openxmo.office.govern.session import Session

MOST_STAGES = 60


def heard_stages(session: Session) -> tuple[str, ...]:
    """Their names alone, in order; read again only where something new was imported."""
    return _heard(_Asked(session, str(session.home.path), session.lake.version))


class _Asked:
    """A session that is told from others by its home and the version of what it holds."""

    def __init__(self, session: Session, home: str, version: int) -> None:
        self.session, self.key = session, (home, version)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.key == self.key


@lru_cache(maxsize=4)
def _heard(asked: _Asked) -> tuple[str, ...]:
    engine = asked.session.engine
    engine.refresh()
    standing = engine.table(STANDING)
    named = standing.filter(standing.stage.notnull()).select("stage").distinct().order_by("stage").limit(MOST_STAGES)
    return tuple(str(stage) for stage in engine.fetch(named).column("stage").to_pylist())
