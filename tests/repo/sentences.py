"""The sentences that OpenXMO refuses with, read off its code: what it says, and how to mend it.

A sentence may be written where it is raised, in a constant, or in a small function that makes the error or its
words; the last are looked into, with the words that they are called with. A value that is only known when it
happens is shown by the name that the code has for it: `{column}`.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from openxmo.core import errors

BARE = re.compile(r"\{[^}]*\}")
OF_STRINGS = {
    "replace",
    "rstrip",
    "strip",
    "lower",
    "upper",
    "capitalize",
    "splitlines",
    "split",
    "title",
    "isoformat",
    "items",
    "keys",
}
TRANSLATED = {"_": 0, "gettext": 0, "gettext_lazy": 0, "ngettext": 1, "pgettext": 1}  # which argument is the sentence
PLACE = re.compile(r"%(?:\((?P<name>\w+)\))?[sd]")
WITH_STATUS = {"Refused"}  # errors of the API, whose first argument is the status
ROW_ERRORS = {"RowError": 1, "UnmappableError": 0}  # which argument is the code; the words come next
DEPTH = 4  # functions that are looked into, one inside the other


@dataclass(frozen=True, order=True)
class Refusal:
    error: str
    says: str
    mend: str
    status: str = ""  # what the API answers, where the error itself says so


@dataclass
class Module:
    """One file: its functions, its constants, and where the names come from that it imports."""

    name: str
    tree: ast.Module
    functions: dict[str, list[ast.FunctionDef]] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, path: Path) -> "Module":
        found = cls(name, ast.parse(path.read_text(encoding="utf-8")))
        for node in ast.walk(found.tree):
            if isinstance(node, ast.FunctionDef):
                found.functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ImportFrom):
                found.imported |= {alias.asname or alias.name: node.module or "" for alias in node.names}
        for statement in found.tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                found.constants[statement.targets[0].id] = statement.value
        return found


class Code:
    """All modules of a package."""

    def __init__(self, source: Path, package: str) -> None:
        names = {
            path: ".".join([package, *path.relative_to(source).with_suffix("").parts]) for path in source.rglob("*.py")
        }
        self.modules = {name: Module.read(name, path) for path, name in names.items()}

    @cached_property
    def by_name(self) -> dict[str, list[tuple[Module, ast.FunctionDef]]]:
        found: dict[str, list[tuple[Module, ast.FunctionDef]]] = {}
        for module in self.modules.values():
            for name, functions in module.functions.items():
                found.setdefault(name, []).extend((module, each) for each in functions)
        return found

    @cached_property
    def bases(self) -> dict[str, list[str]]:
        """Each class and what it is made from."""
        classes = [n for m in self.modules.values() for n in ast.walk(m.tree) if isinstance(n, ast.ClassDef)]
        return {each.name: [last_name(base) for base in each.bases] for each in classes}

    @cached_property
    def errors(self) -> frozenset[str]:
        """UserError and all classes made from it, however deep."""
        known = {"UserError"}
        while more := {name for name, bases in self.bases.items() if known & set(bases)} - known:
            known |= more
        return frozenset(known)

    def exit_code(self, error: str) -> int:
        """What the command ends with for this class, or for the first it is made from that core knows."""
        while not hasattr(errors, error):
            error = self.bases[error][0]
        return int(getattr(errors, error).exit_code)

    def refusals(self, name: str) -> set[Refusal]:
        """Those of one module. What a function makes for its callers is told where it is called."""
        module = self.modules[name]
        makers = {id(call) for functions in module.functions.values() for f in functions for call in made(f, self)}
        found: set[Refusal] = set()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and id(node) not in makers:
                found |= set(Words(self, module).refusals(node))
        return found

    def rejections(self) -> dict[str, set[str]]:
        """What a rejected row is told, by the code of the reason."""
        found: dict[str, set[str]] = {}
        for module in self.modules.values():
            for node in ast.walk(module.tree):
                place = ROW_ERRORS.get(last_name(node)) if isinstance(node, ast.Call) else None
                if isinstance(node, ast.Call) and place is not None and len(node.args) > place + 1:
                    code, says = node.args[place], Words(self, module).of(node.args[place + 1])
                    if isinstance(code, ast.Constant) and not BARE.fullmatch(says):
                        found.setdefault(str(code.value), set()).add(says)
        return found

    def find(self, module: Module, function: ast.expr) -> tuple[Module, ast.FunctionDef] | None:
        """The function that a call means: of this module, imported, or a method that only one class has."""
        name = last_name(function)
        home = self.modules.get(module.imported.get(name, ""), module)
        candidates = [(home, each) for each in home.functions.get(name, ())]
        if isinstance(function, ast.Attribute):
            candidates = self.by_name.get(name, [])
        return candidates[0] if len(candidates) == 1 else None


def made(function: ast.FunctionDef, code: Code) -> Iterator[ast.Call]:
    """The errors that a function gives back, for its caller to raise."""
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call) and last_name(node.value) in code.errors:
            yield node.value


def returned(function: ast.FunctionDef) -> list[ast.expr]:
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]


@dataclass(frozen=True)
class Words:
    """Reads expressions as words; `given` is what the function at hand was called with."""

    code: Code
    module: Module
    given: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0

    def refusals(self, call: ast.Call) -> Iterator[Refusal]:
        if last_name(call) in self.code.errors:
            with_status = last_name(call) in WITH_STATUS
            says, mend = argument(call, int(with_status), "what"), argument(call, None, "mend")
            status = self.of(call.args[0]) if with_status and call.args else ""
            if says is not None:
                yield Refusal(last_name(call), self.of(says), "" if mend is None else self.of(mend), status)
            return
        inside = self.enter(call, methods=True)
        if inside is not None:
            words, function = inside
            for error in made(function, self.code):
                yield from words.refusals(error)

    def enter(self, call: ast.Call, *, methods: bool = False) -> "tuple[Words, ast.FunctionDef] | None":
        """Into the function that is called, knowing what it is called with."""
        is_known = self.depth < DEPTH and (methods or isinstance(call.func, ast.Name))
        found = self.code.find(self.module, call.func) if is_known else None
        if found is None:
            return None
        module, function = found
        names = [
            each.arg for each in (*function.args.args, *function.args.kwonlyargs) if each.arg not in ("self", "cls")
        ]
        given = dict(zip(names, (self.of(value) for value in call.args), strict=False))
        given |= {each.arg: self.of(each.value) for each in call.keywords if each.arg}
        return Words(self.code, module, given, self.depth + 1), function

    def of(self, node: ast.expr) -> str:
        match node:
            case ast.Constant():
                return str(node.value)
            case ast.JoinedStr():
                return "".join(self.of(part) for part in node.values)
            case ast.FormattedValue():
                return self.of(node.value)
            case ast.BinOp(op=ast.Add()):
                return self.of(node.left) + self.of(node.right)
            case ast.BinOp(op=ast.Mod()):
                return self.filled(self.of(node.left), node.right)
            case ast.IfExp():
                return either([self.of(node.body), self.of(node.orelse)])
            case ast.BoolOp(op=ast.Or()):
                return either([self.of(value) for value in node.values])
            case ast.Name() if node.id in self.given:
                return self.given[node.id]
            case ast.Name():
                return self.of_name(node.id)
            case ast.Call():
                return self.of_call(node)
        return value_of(node)

    def of_name(self, name: str) -> str:
        home = self.code.modules.get(self.module.imported.get(name, ""), self.module)
        constant = home.constants.get(name)
        plain = isinstance(constant, (ast.Constant, ast.JoinedStr, ast.BinOp))
        return self.of(constant) if plain and constant is not None else f"{{{name.lower()}}}"

    def filled(self, sentence: str, values: ast.expr) -> str:
        """A sentence with `%s` or `%(name)s` in it, and the names of what goes there."""
        listed = iter(values.elts if isinstance(values, ast.Tuple) else [values])

        def name_of(place: re.Match[str]) -> str:
            value = None if place["name"] else next(listed, None)
            return f"{{{place['name']}}}" if value is None else self.of(value)

        return PLACE.sub(name_of, sentence)

    def of_call(self, call: ast.Call) -> str:
        place = TRANSLATED.get(last_name(call))
        if place is not None and len(call.args) > place:
            return self.of(call.args[place])
        if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
            sentence = self.of(call.func.value)
            return sentence if not BARE.fullmatch(sentence) else value_of(call)
        inside = self.enter(call)
        if inside is None:
            return value_of(call)
        words, function = inside
        sentences = [each for each in returned(function) if isinstance(each, (ast.Constant, ast.JoinedStr, ast.IfExp))]
        said = [words.of(each) for each in sentences if not (isinstance(each, ast.Constant) and not each.value)]
        return either(said) if said else value_of(call)


def argument(call: ast.Call, place: int | None, name: str) -> ast.expr | None:
    if place is not None and place < len(call.args):
        return call.args[place]
    return next((each.value for each in call.keywords if each.arg == name), None)


def either(ways: list[str]) -> str:
    """Several ways to say it; a bare value says nothing beside words."""
    told = list(dict.fromkeys(part for way in ways for part in parts_of(way) if part))
    worded = [way for way in told if not BARE.fullmatch(way)] or told[:1]
    return "".join(worded) if len(worded) < 2 else f"({' / '.join(worded)})"


def parts_of(way: str) -> list[str]:
    return way[1:-1].split(" / ") if way.startswith("(") and way.endswith(")") and " / " in way else [way]


def last_name(node: ast.expr) -> str:
    """`f`, `a.f` and either of them called are all f."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def value_of(node: ast.expr) -> str:
    """A name for a value: of `metric.label or key` the label, of `', '.join(sorted(known))` known."""
    return f"{{{naming(node)}}}"


def naming(node: ast.expr) -> str:
    match node:
        case ast.Name():
            return node.id.lower()
        case ast.Attribute(value=ast.Name(id="self" | "cls")):
            return node.attr
        case ast.Attribute():
            return f"{naming(node.value)} {node.attr}".replace("_", " ")
        case ast.Subscript() | ast.Starred():
            return naming(node.value)
        case ast.BoolOp():
            return naming(node.values[0])
        case ast.Call():
            return naming_of_call(node)
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
            return naming(node.generators[0].iter)
        case ast.BinOp() | ast.Compare():
            return naming(node.left)
    return "value"


def naming_of_call(call: ast.Call) -> str:
    """Of a string's method the string, of `len(rows)` the number of rows, else of what is handed over first."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in OF_STRINGS:
        return naming(call.func.value)
    if last_name(call) in ("getattr", "str") or not call.args or isinstance(call.args[0], ast.Constant):
        return "value" if last_name(call) in ("getattr", "str") else last_name(call).replace("_", " ")
    return ("number of " if last_name(call) == "len" else "") + naming(call.args[0])
