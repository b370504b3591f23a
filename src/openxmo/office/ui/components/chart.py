"""Charts: what the drawing island reads, the same in words, and the same as a table and a file."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext

from openxmo.office.ui.components.words import MISSING, number, period

KINDS = ("line", "bars", "points", "band", "scatter", "waterfall")
HUES = 8
UNSAFE = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet begins a formula


def check_spec(spec: Mapping[str, Any]) -> None:
    """A wrong spec is a fault of the page, and is said to whoever writes it."""
    if spec.get("kind") not in KINDS:
        raise ValueError(f"a chart is one of {', '.join(KINDS)}, not {spec.get('kind')!r}")
    for series in spec.get("series", ()):
        if spec["kind"] != "scatter" and len(series["values"]) != len(spec["x"]):
            raise ValueError(
                f"series {series['name']!r} has {len(series['values'])} values for {len(spec['x'])} places"
            )


def has_values(spec: Mapping[str, Any]) -> bool:
    return any(value is not None for series in spec.get("series", ()) for value in series["values"])


def describe(spec: Mapping[str, Any]) -> str:
    """What somebody who sees it would take from it: for each series where it begins, ends and turns."""
    unit = f" {spec['unit']}" if spec.get("unit") else ""
    said = [_describe_one(series, spec, unit) for series in spec.get("series", ())]
    if spec.get("ambition") is not None:
        said.append(gettext("The ambition is %s.") % (number(spec["ambition"]) + unit))
    said += [
        gettext("At %(at)s: %(label)s.") % {"at": period(str(mark["at"])), "label": mark["label"]}
        for mark in spec.get("marks", ())
    ]
    return " ".join(filter(None, said))


def _describe_one(series: Mapping[str, Any], spec: Mapping[str, Any], unit: str) -> str:
    if spec["kind"] == "scatter":
        words: str = gettext("%(name)s: %(count)s points.")
        return words % {"name": series["name"], "count": len(series["values"])}
    pairs = [(x, value) for x, value in zip(spec["x"], series["values"], strict=True) if value is not None]
    if not pairs:
        return str(gettext("%s: nothing to show.") % series["name"])
    if spec["kind"] in ("bars", "points", "waterfall"):
        listed = ", ".join(f"{period(str(x))} {number(value)}{unit}" for x, value in pairs[:12])
        return str(series["name"]) + f": {listed}."
    low, high = min(pairs, key=lambda pair: pair[1]), max(pairs, key=lambda pair: pair[1])
    sentence: str = gettext(
        "%(name)s: from %(first)s in %(start)s to %(last)s in %(end)s; lowest %(low)s, highest %(high)s."
    )
    return sentence % {
        "name": series["name"],
        "first": number(pairs[0][1]) + unit,
        "start": period(str(pairs[0][0])),
        "last": number(pairs[-1][1]) + unit,
        "end": period(str(pairs[-1][0])),
        "low": f"{number(low[1])} ({period(str(low[0]))})",
        "high": f"{number(high[1])} ({period(str(high[0]))})",
    }


def keys_of(spec: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Each series with the number of its hue, where there is more than one to tell apart."""
    series = spec.get("series", ())
    if len(series) < 2:
        return []
    return [(each["name"], each.get("hue", place) % HUES + 1) for place, each in enumerate(series)]


def table_of(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that the drawing shows, for a page that brings no table of its own."""
    if spec["kind"] == "scatter":
        return [
            {gettext("series"): series["name"], "x": point[0], "y": point[1]}
            for series in spec["series"]
            for point in series["values"]
        ]
    rows = []
    ends = {"low": gettext("low"), "high": gettext("high")}
    for place, x in enumerate(spec["x"]):
        row: dict[str, Any] = {spec.get("x_label") or gettext("where"): x}
        for series in spec["series"]:
            row[series["name"]] = series["values"][place]
            for side in ("low", "high"):
                if series.get(side):
                    row[f"{series['name']}, {ends[side]}"] = series[side][place]
        rows.append(row)
    return rows


def lay_table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Columns in the order in which they first appear; numbers marked, so that they stand to the right."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    numeric = {name: all(_is_number(row.get(name)) for row in rows) for name in names}
    cells = [[(name, _shown(row.get(name)), numeric[name]) for name in names] for row in rows]
    return {"columns": [(name, numeric[name]) for name in names], "rows": cells, "csv": as_link(names, rows)}


def as_link(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as CSV inside the address itself: the file is what the page shows, and asks nothing anew."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_written(row.get(name)) for name in names] for row in rows)
    return "data:text/csv;charset=utf-8," + quote(out.getvalue())


def _written(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(UNSAFE) else value


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _shown(value: Any) -> str:
    if value is None:
        return MISSING
    return number(value) if _is_number(value) else period(str(value))
