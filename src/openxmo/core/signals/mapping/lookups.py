"""Other files of the same export, held in memory by their key."""

from collections.abc import Iterable, Mapping, Sequence

from openxmo.core.signals.mapping.columns import Scope, clean, key_columns, key_templates, template_reader
from openxmo.core.signals.mapping.form import LookupForm
from openxmo.core.signals.mapping.rows import Cells, Row, UnmappableError, as_text
from openxmo.core.signals.mapping.templates import Reference, parse_template

Key = tuple[str, ...]


class Shelf:
    """One lookup file: its rows by key. Of several rows with one key any counts if they say the same, unless `many`."""

    def __init__(self, name: str, form: LookupForm, scope: Scope) -> None:
        self.name = name
        self.form = form
        self.missing = scope.missing_in(name) | frozenset([""])
        self.keys = key_columns(form)
        self.readers = [template_reader(text, scope) for text in key_templates(form)]
        self.rows: dict[Key, list[Cells]] = {}
        self.ambiguous: set[Key] = set()

    def add(self, cells: Cells, columns: Iterable[str]) -> None:
        """Keeps of the row what the mapping asks for. A row without a key can never be found."""
        key = [clean(cells.get(column), self.missing) for column in self.keys]
        if any(part is None for part in key):
            return
        whole = tuple(as_text(part) for part in key)
        found = self.rows.setdefault(whole, [])
        wanted = {column: cells.get(column) for column in columns}
        if self.form.many or not found:
            found.append(wanted)
        elif found[0] != wanted:
            self.ambiguous.add(whole)

    def find(self, row: Row) -> list[Cells]:
        key = [read(row) for read in self.readers]
        whole = None if any(part is None for part in key) else tuple(as_text(part) for part in key)
        if whole in self.ambiguous:
            raise UnmappableError(
                "lookup_ambiguous",
                f"the lookup `{self.name}` holds several rows for {show_key(key)}, and they differ; "
                "say `many = true` there, or give it a `key` of more columns.",
            )
        found = None if whole is None else self.rows.get(whole)
        if found is None and self.form.required:
            raise UnmappableError("lookup_miss", f"the lookup `{self.name}` holds no row for {show_key(key)}.")
        return found or []


def show_key(key: Sequence[object]) -> str:
    return ", ".join("nothing" if part is None else f"`{part}`" for part in key)


def find_circle(lookups: Mapping[str, LookupForm]) -> list[str] | None:
    """The names of lookups that go through each other in a circle, or None."""
    names = frozenset(lookups)

    def through(name: str) -> set[str]:
        texts = key_templates(lookups[name])
        parts = [part for text in texts for part in parse_template(text, names)]
        return {part.lookup for part in parts if isinstance(part, Reference) and part.lookup}

    def walk(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        return next((circle for one in sorted(through(name)) if (circle := walk(one, [*path, name]))), None)

    return next((circle for name in sorted(lookups) if (circle := walk(name, []))), None)
