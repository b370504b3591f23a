"""Where the office's rows lie: SQLite in the home, or the server that DATABASE_URL names."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Durable on every commit; a reader never waits for a writer; a writer waits, and takes its lock
# when the transaction begins, for one that is upgraded later fails at once. What is erased is overwritten.
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=20000;"
PATIENCE = 20  # seconds that a writer waits


def sqlite_at(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE, "init_command": PRAGMAS},
    }


def database_at(url: str) -> dict[str, Any]:
    """`postgres://user:password@host:port/name`; a socket's folder may stand as `?host=`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL begins with {parts.scheme}://; postgres:// is what is known.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", parts.hostname or "")),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
