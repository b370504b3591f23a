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


def operation(auth: Any, summary: str, words: str, schema: dict[str, Any], *, status: int = 200) -> dict[str, Any]:
    """What an operation that answers one document declares: `@router.get("/cases", **operation(READ, "Cases", …))`."""
    return {
        "auth": auth,
        "summary": summary,
        "response": {status: None},
        "openapi_extra": answers(status, words, schema),
    }


def answers(status: int, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    """For `openapi_extra`."""
    return {"responses": {status: {"description": words, "content": {"application/json": {"schema": schema}}}}}
