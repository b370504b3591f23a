"""Bodies on their way in: whole, in UTF-8, and begun as NDJSON is, however they are cut into pieces."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.office.lib.problems import Refused
from openxmo.office.listen import intake

MOST = 1000
LETTERS = (b"a", "ä".encode(), "€".encode(), "😀".encode(), b"\xc3", b"\xa4", b"\x82", b"\xf0\x9f")


class Cut:
    """A stream that gives what it has in these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def read(self, size: int, /) -> bytes:
        return self.pieces.pop(0)[:size] if self.pieces else b""


def is_taken(stream: intake.Stream, *, size: int | None) -> bool:
    sent = intake.Sent(stream=stream, size=size, kind=intake.KINDS[0])
    try:
        body = b"".join(intake.checked(sent, MOST)) if size is None else intake.read_whole(sent)
    except Refused:
        return False
    return bool(body)


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(
    st.lists(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=4).map(b"".join), max_size=4), st.integers(1, 4)
)
def test_a_body_is_taken_if_all_of_it_is_utf8_wherever_it_was_cut(pieces: list[bytes], short: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(intake, "SHORT", short)
        body = b"".join([b"{", *pieces])
        assert is_taken(Cut(b"{", *pieces), size=None) == is_utf8(body)
        assert is_taken(io.BytesIO(body), size=len(body)) == is_utf8(body)


@given(st.lists(st.sampled_from([b" ", b"\n", b"{", b"x", intake.BOM]), min_size=1, max_size=4))
def test_a_body_begins_with_an_object_whether_it_comes_whole_or_in_pieces(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    whole = is_taken(io.BytesIO(body), size=len(body))
    assert whole == body.removeprefix(intake.BOM).lstrip().startswith(b"{")
    if intake.BOM not in pieces[1:]:  # cut within the mark it is not known as one
        assert is_taken(Cut(*pieces), size=None) == whole
