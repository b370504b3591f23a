"""Where the built files lie: `build.mjs` names each by its content and writes down which is which."""

import json
from functools import cache
from pathlib import Path

from django.templatetags.static import static

BUILT = Path(__file__).parent / "static" / "built"
MANIFEST = BUILT / "manifest.json"


def find_address(name: str) -> str | None:
    """None for a file that was not built."""
    built = read_manifest().get(name)
    return static(f"built/{built}") if built else None


def address_of(name: str) -> str:
    """Without built files the page stands unstyled: a system check says how to build them."""
    return find_address(name) or static(f"built/{name}")


def are_built() -> bool:
    return MANIFEST.exists()


@cache
def read_manifest() -> dict[str, str]:
    """Read once: a server goes on with the files that it found when it started."""
    if not are_built():
        return {}
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return names
