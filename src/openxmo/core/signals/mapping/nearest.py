"""The known name that an unknown one was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggest(name: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known name, or all of them where none is near (at most 12)."""
    names = list(known)
    by_lower = {one.lower(): one for one in names}
    near = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{by_lower[near[0]]}`?"
    shown = ", ".join(f"`{one}`" for one in sorted(names)[:12])
    return f"Known are {shown}{' and others' if len(names) > 12 else ''}." if names else "None is known."
