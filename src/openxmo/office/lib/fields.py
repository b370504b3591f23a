"""Fields that programs may send: no longer than we keep them, without a zero byte, which no database takes."""

from typing import Annotated

from ninja import Path
from pydantic import StringConstraints

SOUND = r"^[^\x00]*$"
Name = Annotated[str, StringConstraints(max_length=100, pattern=SOUND)]
Line = Annotated[str, StringConstraints(max_length=300, pattern=SOUND)]
Words = Annotated[str, StringConstraints(max_length=10_000, pattern=SOUND)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="as its list tells it")]
