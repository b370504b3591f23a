"""Writes that a power cut cannot undo: bytes, then the name, then the folder that holds the name."""

import os
from collections.abc import Iterable
from pathlib import Path

from openxmo.core.errors import UnreadableInput


def sync_file(path: Path) -> None:
    """Returns when the bytes of `path` are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Returns when the names in `path` are on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Makes `path` and the folders above it, each durable in the one that holds it."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def write_new(path: Path, chunks: Iterable[bytes], *, mode: int = 0o644) -> int:
    """Writes and syncs the bytes of a new file, not yet its name; returns their count."""
    size = 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size


def move(old: Path, new: Path) -> None:
    """Renames a file or folder, durable at both ends; the new name's old content is gone."""
    os.replace(old, new)
    sync_folder(new.parent)
    if old.parent != new.parent:
        sync_folder(old.parent)


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Gives `path` a new content: a reader sees all of the old or all of the new, also after a power cut."""
    new = path.with_name(path.name + ".new")
    write_new(new, [content], mode=mode)
    move(new, path)


def cannot_write(path: Path, error: OSError) -> UnreadableInput:
    """The sentence for a disk that is full, read-only or gone."""
    reason = (error.strerror or str(error)).lower()
    return UnreadableInput(
        f"The office folder cannot be written: {reason}.",
        where=str(path),
        mend="Nothing was half done; make room or give write access, then do the same again.",
    )
