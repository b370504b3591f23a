"""Long lists in pages: a page ends with a cursor that asks for the next one.

A cursor holds the key of the last row that was told, so rows that come or go in between neither repeat nor hide
others. Lists are in the order of their keys, which only grow.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema

from openxmo.core.errors import WrongUsage
from openxmo.office.lib.problems import not_found

MOST = 500
USUAL = 50
Row = TypeVar("Row", bound=Model)


class Page(Schema):
    """What every list takes."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="rows of a page")
    cursor: str = Field("", max_length=200, description="`next` of the page before")


def write_cursor(key: int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """The key that stands in a cursor; 0 for the first page."""
    if not cursor:
        return 0
    try:
        key = int(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        key = -1
    if not 0 <= key < 2**63:
        raise WrongUsage(f"`{cursor[:40]}` is no cursor.", mend="Take `next` of the page before, or leave it out.")
    return key


def narrow(rows: "QuerySet[Row]", **wanted: Any) -> "QuerySet[Row]":
    """The rows that are as asked; what was left out, None or empty, narrows nothing."""
    return rows.filter(**{name: value for name, value in wanted.items() if value not in (None, "")})


def get_row(rows: "QuerySet[Row]", key: int, otherwise: str) -> Row:
    """The row, if it is among those that the caller sees: of others it is not told whether they exist."""
    found = rows.filter(pk=key).first()
    if found is None:
        raise not_found(otherwise)
    return found


def list_page(rows: "QuerySet[Row]", page: Page, describe: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """One page as a document: its rows, and the cursor of the next page or null."""
    found = list(rows.filter(pk__gt=read_cursor(page.cursor)).order_by("pk")[: page.limit + 1])
    more = len(found) > page.limit
    shown = found[: page.limit]
    return {"rows": [describe(row) for row in shown], "next": write_cursor(shown[-1].pk) if more else None}
