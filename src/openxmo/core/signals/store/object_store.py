"""Tables at an object store that speaks S3's protocol: an address for each, and credentials from the environment alone.

A file is there as a whole once it is uploaded, so there is nothing to sync; an entry of a log is put
only where none is, which the store itself decides between two writers.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties
from deltalake.exceptions import CommitFailedError, DeltaError

from openxmo.core.errors import UnreadableInput, UserError, WrongUsage
from openxmo.core.signals.store.places import LOG, entry_name

ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9][A-Za-z0-9._-]*)*")
OPTIONS = {"max_retries": "5", "retry_timeout": "60s"}  # nothing secret: that is read from the environment
COLOURS = re.compile(r"\x1b\[[0-9;]*m|↳")
BUFFER = (
    1 << 20
)  # bytes of a new file that are held back; pyarrow's own writers may exceed it, bytes in a piece may not
PROBE = pa.schema([("probe", pa.string())])
RACES, RACERS = 5, 4
LAST_CHECKPOINT = f"{LOG}/_last_checkpoint"
NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


def read_address(text: str) -> str:
    """The address of a lake as it is kept; refuses, with a sentence, what is none."""
    address = text.strip().rstrip("/")
    if re.match(r"(gs|gcs|az|azure|abfss?|adl)://", address):
        raise WrongUsage(
            f"{text!r} is not at a store that speaks S3's protocol, the only one that signals can be kept at.",
            mend="Name an address as s3://bucket/prefix.",
        )
    if not ADDRESS.fullmatch(address):
        raise WrongUsage(
            f"{text!r} is no address for signals.",
            mend="Write s3://bucket/prefix, of letters, digits, dots, hyphens and underscores.",
        )
    return address


class RemotePlace:
    """See `Place`."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __str__(self) -> str:
        return self.address

    @cached_property
    def files(self) -> Any:
        """The store as pyarrow sees it, by delta-rs: one way to sign in for both."""
        from deltalake.fs import DeltaStorageHandler  # here and not above: no local lake needs it
        from pyarrow.fs import PyFileSystem

        with self._telling():
            return PyFileSystem(DeltaStorageHandler(self.address, OPTIONS))

    def delta(self, version: int | None = None) -> DeltaTable:
        try:
            return DeltaTable(self.address, version=version, storage_options=OPTIONS)
        except OSError as error:
            raise self.refused(error) from error

    def names_below(self, folder: str) -> list[str]:
        """The names of all files below."""
        from pyarrow.fs import FileSelector, FileType

        with self._telling():
            found = self.files.get_file_info(FileSelector(folder, recursive=True, allow_not_found=True))
        return [one.path for one in found if one.type == FileType.File]

    def log_names(self) -> list[str]:
        return [name.removeprefix(f"{LOG}/") for name in self.names_below(LOG)]

    def read_entry(self, version: int) -> str | None:
        with self._telling(), contextlib.suppress(FileNotFoundError), self.open(f"{LOG}/{entry_name(version)}") as file:
            return bytes(file.read()).decode(errors="replace")
        return None

    def has_entry(self, version: int) -> bool:
        return self._info(f"{LOG}/{entry_name(version)}").size is not None

    def mark(self) -> tuple[int, int]:
        """Of the last checkpoint, which is made before entries go."""
        found = self._info(LAST_CHECKPOINT)
        return (found.mtime_ns or 0, found.size or 0)

    def name(self, name: str) -> str:
        return f"{self.address}/{name}"

    def open(self, name: str) -> Any:
        return self.files.open_input_file(name)

    def size(self, name: str) -> int:
        found = self._info(name).size
        if found is None:
            raise FileNotFoundError(self.name(name))
        return int(found)

    def create(self, name: str) -> Any:
        with self._telling():
            return self.files.open_output_stream(name, buffer_size=BUFFER)

    def finish(self, name: str, sink: Any) -> tuple[int, int]:
        with self._telling():
            sink.close()
        found = self._info(name)
        return int(found.size), int(found.mtime_ns // 1_000_000)

    def settle(self, names: Iterable[str]) -> None:
        """A name is there with its file."""

    def give_up(self, name: str, sink: Any = None) -> None:
        with contextlib.suppress(OSError, UserError):  # what the store does not take back now, a vacuum does
            if sink is not None:
                sink.close()
            self.remove([name])

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            with self._telling(), contextlib.suppress(FileNotFoundError):
                self.files.delete_file(name)

    def sync_log(self, names: Iterable[str]) -> None:
        """An entry is there once it is put."""

    def refused(self, error: Exception) -> UserError:
        return UnreadableInput(
            f"The object store did not do what was asked: {plain(error)}.",
            where=self.address,
            mend="Nothing was half done; look whether the store answers and the AWS_ variables are right, then repeat.",
        )

    def _info(self, name: str) -> Any:
        with self._telling():
            (found,) = self.files.get_file_info([name])
        return found

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except (OSError, DeltaError, pa.ArrowException) as error:
            raise self.refused(error) from error


@lru_cache(maxsize=64)
def remote_place(address: str) -> RemotePlace:
    """Kept, with its lines to the store, for whoever asks next."""
    return RemotePlace(address)


def plain(error: Exception) -> str:
    """What delta-rs says, on one line and without colours."""
    words = " ".join(COLOURS.sub("", str(error)).split())
    return words.rstrip(".")[:400]


def refuse_unfit(address: str) -> None:
    """Refuses, with a sentence, an address where something lies, or whose store lets a commit undo another."""
    place = RemotePlace(f"{address}/probe")
    found = RemotePlace(address).names_below("")
    if found:
        raise WrongUsage(
            f"Something lies at {address} already: {found[0]}.",
            mend="Name an empty prefix; if the making of an office was cut off there, take away what it left.",
        )
    try:
        DeltaTable.create(str(place), schema=PROBE, mode="error", storage_options=OPTIONS)
        most = max(race(place, over=number) for number in range(RACES))
    except (OSError, DeltaError) as error:
        raise place.refused(error) from error
    finally:
        with contextlib.suppress(UserError):
            place.remove(place.names_below(""))
    if most > 1:
        raise UnreadableInput(
            "This object store lets a writer overwrite another's commit: it does not heed `If-None-Match`.",
            where=address,
            mend="Use a store that does, as Amazon S3 does since 2024, or keep the signals on the local disk.",
        )


def race(place: RemotePlace, *, over: int) -> int:
    """How many of several writers at once are told that theirs is the commit after this version."""
    tables = [place.delta(over) for _ in range(RACERS)]
    with ThreadPoolExecutor(RACERS) as racers:
        return sum(racers.map(comes_first, tables))


def comes_first(delta: DeltaTable) -> bool:
    properties = CommitProperties(max_commit_retries=0)
    try:
        delta.create_write_transaction(
            [], "append", PROBE, commit_properties=properties, post_commithook_properties=NO_HOOKS
        )
    except CommitFailedError:
        return False
    return True
