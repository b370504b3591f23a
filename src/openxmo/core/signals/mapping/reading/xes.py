"""XES, the event log format of IEEE 1849: one row for each event, read as a stream.

What a trace says of itself is a column `case:…`; `#index` is the event's place in its trace, from 1.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.mapping.form import FileForm
from openxmo.core.signals.mapping.reading.opening import Opened, Raw, open_bytes, peek, reading
from openxmo.core.signals.mapping.rows import Cells

PLAIN = frozenset({"string", "date", "int", "float", "boolean", "id"})


def open_xes(path: Path, form: FileForm) -> Opened:  # noqa: ARG001 - all openers take the same
    columns, rows = peek(xes_rows(path))
    return Opened(columns, rows, certain=False)


def xes_rows(path: Path) -> Iterator[Raw]:
    line = 0
    with open_bytes(path) as file, reading(path):
        try:
            for trace in traces(iterparse(file, events=("start", "end"))):
                for cells in events(trace):
                    line += 1
                    yield line, cells, cells
        except DefusedXmlException as error:
            raise UnreadableInput(
                f"{path.name} defines XML entities or names other documents, which is not allowed.", where=str(path)
            ) from error
        except (ParseError, ValueError, LookupError) as error:  # the last two where it names no encoding we know
            raise UnreadableInput(
                f"{path.name} is no whole XML file: {error}.", where=f"{path}, after event {line}"
            ) from error


def traces(steps: Iterator[tuple[str, Element]]) -> Iterator[Element]:
    """Each trace once it is whole; what was read is let go."""
    root: Element | None = None
    for step, element in steps:
        if root is None:
            root = element
        elif step == "end" and tag(element) == "trace":
            yield element
            root.clear()


def tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def attributes(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if tag(child) in PLAIN:
            key, value = child.get("key"), child.get("value")
            if key is not None and value is not None:
                yield key, value


def events(trace: Element) -> Iterator[Cells]:
    case = {f"case:{key}": value for key, value in attributes(trace)}
    found = (child for child in trace if tag(child) == "event")
    for index, event in enumerate(found, start=1):
        yield {**case, **dict(attributes(event)), "#index": index}
