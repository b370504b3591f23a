"""What was fixed before the start, sealed: a later change of a single character shows."""

import hashlib
import json
from typing import Any


def seal_of(content: Any) -> str:
    """The fingerprint of a plan or baseline: SHA-256 of its JSON with sorted keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_whole(content: Any, seal: str) -> bool:
    """Whether the content is still what was sealed."""
    return seal_of(content) == seal
