"""A home beside the home: work that needs inbox, staging and index, and leaves the office as it is."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openxmo.core.signals.store.durable import cannot_write
from openxmo.core.signals.store.fingerprints import STATE
from openxmo.core.signals.store.home import FOLDERS, Home
from openxmo.core.signals.store.segments import open_segment


@contextmanager
def scratch_home(home: Home) -> Iterator[Home]:
    """A home in the system's folder for temporary files, with the lake and the keys of `home`, gone afterwards.

    Its lake and keys are those of `home` themselves: nothing may be written to them.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="xmo-check-"))
    except OSError as error:
        raise cannot_write(Path(tempfile.gettempdir()), error) from error
    try:
        scratch = Home.at(folder)
        shared = {home.lake.name, home.keys.name}
        for name in FOLDERS:
            if name in shared:
                (folder / name).symlink_to(home.path / name)
            else:
                (folder / name).mkdir()
        borrow_fingerprints(home, scratch)
        yield scratch
    finally:
        open_segment.cache_clear()  # those of this home would be kept open for nobody
        shutil.rmtree(folder, ignore_errors=True)


def borrow_fingerprints(home: Home, scratch: Home) -> None:
    """The index with a state of its own; its segments are never written twice, so they need no copy."""
    for path in home.fingerprints.iterdir() if home.fingerprints.is_dir() else ():
        borrowed = scratch.fingerprints / path.name
        if path.name == STATE:
            shutil.copyfile(path, borrowed)
        else:
            borrowed.symlink_to(path)
