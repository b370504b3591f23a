"""Making the sample organisation in a home, so that a stop in between is no harm."""

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from openxmo.cli.story.rows.making import make_rows
from openxmo.cli.terminal import Terminal
from openxmo.core.errors import WrongUsage
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.compaction import FILES_KEPT, keep_tidy
from openxmo.core.signals.store.durable import replace_file
from openxmo.core.signals.store.home import Home
from openxmo.core.world.cases import AFTER_CONTACT
from openxmo.core.world.files import OFFICE_FILE
from openxmo.core.world.writing import write_world
from openxmo.library import Session, make_office
from openxmo.office.listen.actions import import_files
from openxmo.office.portability.keeping import apply

SEED = 20_26


@dataclass(frozen=True)
class Story:
    """What a sample office was made with; `built` once all its signals are in."""

    as_of: str
    planted: bool
    seed: int = SEED
    built: bool = False

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.as_of)


def open_story(folder: Path, *, at: datetime, planted: bool, size: int, terminal: Terminal) -> tuple[Session, Story]:
    """The sample office in `folder`: made if it is not there, gone on with if it was begun.

    Raises WrongUsage where the folder holds an office that is not a sample, or a sample of the other kind.
    """
    home = Home.at(folder)
    story = read_story(home) or begin_story(home, at=at, planted=planted)
    if story.planted != planted:
        kind = "with the story planted" if story.planted else "with nothing planted"
        raise WrongUsage(f"The sample here was made {kind}", where=str(folder), mend="Name another folder.")
    moment = story.moment
    session = Session(home, clock=lambda: moment)
    if not story.built:
        fill(session, story, size=size, terminal=terminal)
        story = Story(**{**asdict(story), "built": True})
        write_story(home, story)
    return session, story


def begin_story(home: Home, *, at: datetime, planted: bool) -> Story:
    if home.exists():
        raise WrongUsage("The office here is not the sample", where=str(home.path), mend="Name another folder.")
    story = Story(as_of=at.isoformat(), planted=planted)
    make_office(home.path, at=at)
    write_story(home, story)
    return story


def fill(session: Session, story: Story, *, size: int, terminal: Terminal) -> None:
    """Apply the office file, import each source, let the people act; what came in before a stop counts as duplicates.

    Today's answers come last: they open today's cases, and what was answered before them is history.
    """
    from openxmo.office.act.opening import open_cases, take_as_history
    from openxmo.office.lib.framework import set_up

    set_up(session.home.path)
    terminal.print("Making the signals of Northlight Broadband, and importing them …")
    apply(session, OFFICE_FILE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="xmo-sample-") as scratch:
        written = write_world(
            Path(scratch),
            seed=story.seed,
            size=size,
            as_of=story.moment,
            planted=story.planted,
            progress=terminal.progress,
        )
        *history, today = sorted(written.files, key=lambda path: path.stem == AFTER_CONTACT)
        for path in history:
            import_files(session, [path], progress=terminal.progress)
            path.unlink()
        terminal.print("Letting its people work: backlog, initiatives, cases …")
        make_rows(session.home, moment=story.moment, planted=story.planted)
        take_as_history(session.home, at=story.moment)
        import_files(session, [today], progress=terminal.progress)
        open_cases(session.home, at=story.moment)
        with writing(session.lake, what="tidying the sample", progress=terminal.progress):
            keep_tidy(session.lake, at=story.moment, most=FILES_KEPT, progress=terminal.progress)


def read_story(home: Home) -> Story | None:
    path = home.path / "sample.json"
    return Story(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def write_story(home: Home, story: Story) -> None:
    replace_file(home.path / "sample.json", json.dumps(asdict(story)).encode())
