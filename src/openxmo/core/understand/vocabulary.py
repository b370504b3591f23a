"""The values of one dimension, as the engine knows them (by hash) and as the search does (by code)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openxmo.core.metrics.cells import label_of
from openxmo.core.understand.cuts import in_order
from openxmo.core.understand.rows import SmallCodes, narrow

LISTED = 256  # up to so many values the engine looks their places up in a list, and hands over a byte a row


@dataclass(frozen=True)
class Vocabulary:
    """The values of one dimension in order of their codes, and the hashes under which the engine knows them."""

    values: tuple[str | None, ...]
    hashes: tuple[int, ...]
    codes: SmallCodes  # of each hash: values may read alike

    @classmethod
    def of(cls, values: Sequence[Any], hashes: Sequence[int]) -> "Vocabulary":
        labels = [label_of(value) for value in values]
        known = in_order(set(labels))
        place = {label: code for code, label in enumerate(known)}
        order = sorted(range(len(labels)), key=lambda at: place[labels[at]])
        codes = np.array([place[labels[at]] for at in order], dtype=narrow(len(known)))
        return cls(known, tuple(hashes[at] for at in order), codes)

    @property
    def is_sure(self) -> bool:
        return len(set(self.hashes)) == len(self.hashes)

    @property
    def is_listed(self) -> bool:
        return len(self.hashes) < LISTED

    @property
    def is_plain(self) -> bool:
        """Whether no two values read alike, so that the places in the list are the codes."""
        return len(self.values) == len(self.hashes)

    def codes_of(self, found: NDArray[Any]) -> SmallCodes | None:
        """The code of each row, from its place in the list or from its hash; None where a value is not known."""
        if not self.is_listed:
            hashes = np.array(self.hashes, dtype=found.dtype)
            order = np.argsort(hashes)
            places = np.take(order, np.searchsorted(hashes[order], found), mode="clip")
            codes: SmallCodes = self.codes[places]
            return codes if np.array_equal(hashes[places], found) else None
        places = found - found.dtype.type(1)  # of 0 it makes a place beyond the list
        if len(places) and int(places.max()) >= len(self.codes):
            return None
        return places if self.is_plain else np.asarray(self.codes[places])


def numbers_of(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column without missing values. By DLPack, since pyarrow's own `to_numpy` loads pandas: 30 MiB of it."""
    chunks = [chunk.cast(pa.uint8()) if pa.types.is_boolean(column.type) else chunk for chunk in column.chunks]
    arrays = [np.from_dlpack(chunk) for chunk in chunks] or [np.zeros(0, dtype=column.type.to_pandas_dtype())]
    numbers = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
    return numbers.view(bool) if pa.types.is_boolean(column.type) else numbers
