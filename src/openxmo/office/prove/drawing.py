"""The verdict's chart: what happened to the changed group, and what would have happened without the change."""

from typing import Any

from django.utils.translation import gettext as _

from openxmo.office.prove.models import Plan

Rows = list[dict[str, Any]]


def draw(series: dict[str, Any], groups: Rows, plan: Plan) -> dict[str, Any]:
    """The changed group and the counterfactual: the comparison group, moved to where the changed one stood before.

    Where periods hold too few answers to show one by one, all before stands beside all since.
    """
    points = series["points"]
    shown = [point for point in points if point["value"] is not None and point["treated"]]
    return by_period(series, groups, plan) if len(shown) >= len(points) / 4 else pooled(series, groups, plan)


def by_period(series: dict[str, Any], groups: Rows, plan: Plan) -> dict[str, Any]:
    points = series["points"]
    labels = sorted({point["period"]: point["start"] for point in points}.items(), key=lambda pair: pair[1])
    places = [label for label, _start in labels]
    changed = {point["period"]: point for point in points if point["treated"]}
    others = {point["period"]: point for point in points if not point["treated"]}
    shift = shift_of(groups)
    lines = [without_band(line(_("with the change"), places, changed, 0.0))]
    if plan.compared:
        lines.append({**within(line(_("without it"), places, others, shift), series["unit"]), "dashed": True})
    else:
        level = mean_of(groups, treated=True, after=False)
        lines.append({"name": _("if nothing had moved it"), "values": [level] * len(places), "dashed": True})
    first = next((changed[label]["period"] for label in places if label in changed and changed[label]["after"]), None)
    return {
        "kind": "line",
        "unit": series["unit"],
        "x": places,
        "x_label": _("period"),
        "series": lines,
        "marks": [{"at": first, "label": _("change")}] if first else [],
        "zero": False,
    }


def pooled(series: dict[str, Any], groups: Rows, plan: Plan) -> dict[str, Any]:
    """Two places only: before the change, and since."""
    shift = shift_of(groups)
    means = {(row["treated"], row["after"]): row["mean"] for row in groups}
    lines: list[dict[str, Any]] = [
        {"name": _("with the change"), "values": [means.get((True, after)) for after in (False, True)]}
    ]
    if plan.compared:
        moved = [add(means.get((False, after)), shift) for after in (False, True)]
        lines.append({"name": without_it(), "values": moved, "dashed": True})
    return {
        "kind": "line",
        "unit": series["unit"],
        "x": [_("before the change"), _("since the change")],
        "x_label": _("period"),
        "series": lines,
        "marks": [],
        "zero": False,
    }


def without_it() -> str:
    return _("without it")


def line(name: str, places: list[str], points: dict[str, dict[str, Any]], shift: float) -> dict[str, Any]:
    nothing: dict[str, Any] = {}
    rows = [points.get(place, nothing) for place in places]
    return {
        "name": name,
        "values": [add(row.get("value"), shift) for row in rows],
        "low": [add(row.get("low"), shift) for row in rows],
        "high": [add(row.get("high"), shift) for row in rows],
    }


def within(drawn: dict[str, Any], unit: str) -> dict[str, Any]:
    """A share moved to another start may lie below none or above all: no line is drawn where nothing could be."""
    if unit != "%":
        return drawn
    return drawn | {
        name: [None if value is None else min(max(value, 0.0), 100.0) for value in drawn[name]]
        for name in ("values", "low", "high")
    }


def without_band(drawn: dict[str, Any]) -> dict[str, Any]:
    """Two bands over each other hide both lines; the table has all bounds."""
    return {name: drawn[name] for name in ("name", "values")}


def shift_of(groups: Rows) -> float:
    """How far above the comparison the changed group stood before the change."""
    changed, other = mean_of(groups, treated=True, after=False), mean_of(groups, treated=False, after=False)
    return changed - other if changed is not None and other is not None else 0.0


def mean_of(groups: Rows, *, treated: bool, after: bool) -> float | None:
    return next((row["mean"] for row in groups if row["treated"] == treated and row["after"] == after), None)


def add(value: float | None, shift: float) -> float | None:
    return None if value is None else value + shift


def table(spec: dict[str, Any], series: dict[str, Any], plan: Plan) -> Rows:
    """The same as rows: what was measured in both groups, with its bounds and its n, beside what is drawn."""
    found = {(point["treated"], point["period"]): point for point in series["points"]}
    rows = []
    for place, label in enumerate(spec["x"]):
        row: dict[str, Any] = {spec["x_label"]: label}
        for treated in (True, False) if plan.compared else (True,):
            point = found.get((treated, label), {})
            name = _("with the change") if treated else _("compared with")
            row |= {f"{name}": point.get("value"), _("%s, low") % name: point.get("low")}
            row |= {_("%s, high") % name: point.get("high"), _("%s, n") % name: point.get("n")}
        row |= {each["name"]: each["values"][place] for each in spec["series"]}
        rows.append(row)
    return rows
