"""What a person may see and do, as one value."""

from dataclasses import dataclass

from openxmo.office.accounts.roles import Right


@dataclass(frozen=True)
class Access:
    """What a person may see and do at a moment. `units` None is every unit, and what has no unit."""

    name: str
    roles: tuple[str, ...]
    rights: frozenset[Right]
    units: frozenset[str] | None
    agent: str | None
    leads: tuple[str, ...]
    team: str | None = None

    def has(self, *rights: str) -> bool:
        """Whether the person holds one of these rights."""
        return any(right in self.rights for right in rights)

    def sees_unit(self, unit: str | None) -> bool:
        return self.units is None or (unit is not None and unit in self.units)
