"""Finding what each room offers under one module name, without naming the rooms."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import openxmo.office


def modules_of_rooms(name: str) -> Iterator[tuple[str, ModuleType]]:
    """Each room that has a module of this name, with the module, in the order of the rooms' names."""
    for room in sorted(one.name for one in pkgutil.iter_modules(openxmo.office.__path__) if one.ispkg):
        path = f"openxmo.office.{room}.{name}"
        if find_spec(path):
            yield room, import_module(path)
