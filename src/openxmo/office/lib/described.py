"""What an operation answers, as its description tells it."""

from typing import Any

LIST = {
    "type": "object",
    "required": ["rows", "next"],
    "properties": {
        "rows": {"type": "array", "items": {"type": "object"}},
        "next": {"type": ["string", "null"], "description": "the `cursor` of the next page, null at the end"},
    },
}
ONE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def answers(status: int, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    """For `openapi_extra`."""
    return {"responses": {status: {"description": words, "content": {"application/json": {"schema": schema}}}}}
