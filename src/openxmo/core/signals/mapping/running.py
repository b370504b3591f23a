"""A mapping run over the files of one export."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.mapping.columns import Scope, key_columns
from openxmo.core.signals.mapping.form import FileForm, SignalMapping
from openxmo.core.signals.mapping.lookups import Shelf
from openxmo.core.signals.mapping.program import Program, compile_table, run_row
from openxmo.core.signals.mapping.reading.formats import bare_name, open_file
from openxmo.core.signals.mapping.rows import MappedRow, RowError

Matched = dict[str, list[Path]]


def map_files(mapping: SignalMapping, files: Sequence[Path], *, source: str | None = None) -> Iterator[MappedRow]:
    """The rows of the export's files as signals in the contract's names, table by table.

    `source` stands where the mapping's signals name none, before the mapping's own `source`. Files
    are told apart by the name patterns of the mapping; a mapping of one table without lookups takes
    any file. UnreadableInput (before or while rows come) says what is wrong with a file as a whole;
    what is wrong with a row comes as its `error`. Tables whose files are not given are left out.
    """
    source = source or mapping.form.source
    programs = [compile_table(mapping, table, source=source) for table in mapping.form.table]
    if source is None and any(not names_source(mapping, number) for number in range(len(mapping.signals))):
        raise WrongUsage(
            "It is not said who tells us this: neither the mapping nor the command names a source.",
            where=str(mapping.path),
            mend='Write `source = "…"` at the top of the mapping, or give --source.',
        )
    tables, lookups = match_files(mapping, files)
    running = [program for program in programs if tables.get(program.table)]
    check_lookups(mapping, running, lookups)
    return run(mapping, running, tables, lookups)


def names_source(mapping: SignalMapping, number: int) -> bool:
    signal = mapping.signals[number]
    tables = [signal.control.table] if signal.control.table else list(mapping.form.table)
    return "source" in signal.fields or all("source" in mapping.common[table] for table in tables)


def matches(path: Path, form: FileForm) -> bool:
    patterns = [form.file] if isinstance(form.file, str) else form.file
    names = {path.name.lower(), bare_name(path).lower()}
    return any(fnmatchcase(name, pattern.lower()) for pattern in patterns for name in names)


def match_files(mapping: SignalMapping, files: Sequence[Path]) -> tuple[Matched, Matched]:
    """The files of each table and of each lookup; UnreadableInput for a file that belongs to none."""
    form = mapping.form
    if len(form.table) == 1 and not form.lookup:
        return {next(iter(form.table)): list(files)}, {}
    tables = {name: [path for path in files if matches(path, table)] for name, table in form.table.items()}
    lookups = {name: [path for path in files if matches(path, lookup)] for name, lookup in form.lookup.items()}
    taken = {path for paths in (*tables.values(), *lookups.values()) for path in paths}
    expected = ", ".join(describe(one) for one in (*form.table.values(), *form.lookup.values()))
    stray = [path.name for path in files if path not in taken]
    if stray:
        raise UnreadableInput(
            f"The mapping has no use for {', '.join(stray)}.", where=str(mapping.path), mend=f"It expects {expected}."
        )
    if not any(tables.values()):
        raise UnreadableInput(
            "None of the files holds what the mapping makes signals of.",
            where=str(mapping.path),
            mend=f"It expects {', '.join(describe(one) for one in form.table.values())}.",
        )
    return tables, lookups


def describe(form: FileForm) -> str:
    return form.file if isinstance(form.file, str) else " or ".join(form.file)


def check_lookups(mapping: SignalMapping, programs: Sequence[Program], lookups: Matched) -> None:
    used = {name for program in programs for name in program.used if name is not None}
    for name in mapping.form.lookup:
        if name in used and not lookups[name]:
            raise UnreadableInput(
                f"The file of the lookup `{name}` is not among those given.",
                where=str(mapping.path),
                mend=f"Give the file {describe(mapping.form.lookup[name])} too.",
            )


def run(mapping: SignalMapping, programs: list[Program], tables: Matched, lookups: Matched) -> Iterator[MappedRow]:
    shelves: dict[str, Shelf] = {}
    reported = {path for paths in tables.values() for path in paths}  # their broken rows come with the table
    for name in mapping.form.lookup:
        columns = {column for program in programs for column in program.used.get(name, ())}
        if not any(name in program.used for program in programs):
            continue
        scope = Scope(mapping.form.lookup, frozenset(mapping.form.missing))
        shelves[name] = Shelf(name, mapping.form.lookup[name], scope)
        for path in lookups[name]:
            yield from fill(shelves[name], path, columns, report=path not in reported)
    for program in programs:
        for path in tables[program.table]:
            yield from run_file(mapping, program, path, shelves)


def fill(shelf: Shelf, path: Path, columns: set[str], *, report: bool) -> Iterator[MappedRow]:
    """Reads a lookup file into memory; its broken rows are reported like any other."""
    opened = open_file(path, shelf.form, columns | set(key_columns(shelf.form)))
    for line, cells, raw in opened.rows:
        if not isinstance(cells, RowError):
            shelf.add(cells, columns)
        elif report:
            yield MappedRow(line, path.name, [], cells, raw)


def run_file(mapping: SignalMapping, program: Program, path: Path, shelves: dict[str, Shelf]) -> Iterator[MappedRow]:
    wanted = program.used.get(None, frozenset())
    opened = open_file(path, mapping.form.table[program.table], wanted, mapping.form.lookup)
    for line, cells, raw in opened.rows:
        if isinstance(cells, RowError):
            yield MappedRow(line, path.name, [], cells, raw)
        else:
            yield run_row(program, cells, line, path.name, shelves, raw)
