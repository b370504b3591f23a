"""What the gallery shows: made-up figures in every state that a component knows."""

from typing import Any

LONG_NAME = "Home installation and activation of fibre broadband for small businesses in rural districts (North-West)"


def _cell(value: float | None, low: float | None, high: float | None, n: int | None, **more: Any) -> dict[str, Any]:
    return {
        "value": value,
        "low": low,
        "high": high,
        "n": n,
        "effective_n": n,
        "method": "Wilson",
        "suppressed": None,
        "excluded": {},
        "detectable": 3.1,
        **more,
    }


# What the state is called, the cell, and how it is shown.
ESTIMATES: list[tuple[str, dict[str, Any] | None, dict[str, Any]]] = [
    ("Alone", _cell(39.8412, 36.1, 43.6, 1204), {"label": "NPS", "unit": "points"}),
    (
        "Meets its ambition",
        _cell(84.2, 82.4, 85.9, 1612),
        {"label": "CSAT, Coast", "unit": "%", "ambition": 80, "change": {"value": 3.2, "low": 1.1, "high": 5.3}},
    ),
    (
        "Below its ambition",
        _cell(65.8, 64.4, 67.1, 4710, excluded={"duplicate": 38, "asked_twice": 4}),
        {
            "label": "CSAT top-2",
            "unit": "%",
            "ambition": 75,
            "change": {"value": -5.34, "low": -7.2, "high": -3.5, "since": "since spring"},
            "behind": "/ui/gallery/",
        },
    ),
    (
        "Too close to call",
        _cell(74.1, 70.9, 77.0, 702, effective_n=611.0),
        {"label": "CSAT, phone", "unit": "%", "ambition": 75, "change": {"value": 0.8, "low": -2.6, "high": 4.2}},
    ),
    (
        "Lower is better",
        _cell(455.2, 448.0, 462.4, 18_240, method="t"),
        {"label": "Handle time", "unit": "s", "ambition": 480, "better": "lower", "change": -65},
    ),
    (
        "Within noise",
        _cell(31, 22.6, 39.4, 300),
        {"label": "NPS", "unit": "points", "change": {"value": 8, "low": -4, "high": 20}},
    ),
    ("Zero", _cell(0.0, -4.1, 4.1, 900), {"label": "eNPS", "unit": "points", "ambition": 0}),
    ("Negative", _cell(-38.2, -41.0, -35.3, 2_210), {"label": "NPS, chat", "unit": "points", "ambition": 30}),
    ("Huge", _cell(1_204_331.7, 1_198_002.0, 1_210_661.0, 480_000, method="t"), {"label": "Visits", "unit": "a month"}),
    ("Interval unknown", _cell(4.0, None, None, 1, method="t"), {"label": "Effort", "unit": "of 7"}),
    (
        "Too few",
        _cell(None, 48.0, 92.0, 11, suppressed="too_few", min_n=30),
        {"label": "CSAT, Ferry Lane", "unit": "%"},
    ),
    (
        "Privacy",
        {"value": None, "low": None, "high": None, "n": None, "suppressed": "privacy", "excluded": {}},
        {"label": "Pulse, team of 7", "unit": "%"},
    ),
    ("No data", None, {"label": "CES", "unit": "of 7", "ambition": 5.5}),
    ("Long name", _cell(61.4, 60.2, 62.6, 8_004), {"label": LONG_NAME, "unit": "per 1,000 customers", "ambition": 75}),
]
# What the state is called, the values, and the ambition.
SPARKS: list[tuple[str, list[float | None], float | None]] = [
    ("Rises past its ambition", [61.2, 60.8, 63.0, 64.4, 66.1, 69.7, 72.3, 74.8, 77.0], 75),
    ("Without an ambition", [31.0, 28.5, 29.9, 22.4, 24.1, 20.8, 21.3, 18.7, 17.2], None),
    ("With a hole", [44.0, 47.2, None, None, 41.5, 43.1, 45.0, None, 52.3, 50.1], 60),
    ("Level", [80.0, 80.0, 80.0, 80.0], None),
    ("Too little is known", [None, 12.0, None], 40),
]
MONTHS = [f"2026-{month:02d}" for month in range(1, 11)]


def _around(values: list[float | None], reach: float) -> dict[str, list[float | None]]:
    return {
        "values": values,
        "low": [None if value is None else value - reach for value in values],
        "high": [None if value is None else value + reach for value in values],
    }


CHARTS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "line-one",
        "How has satisfaction moved?",
        {
            "kind": "line",
            "unit": "% satisfied",
            "x": MONTHS,
            "series": [
                {"name": "CSAT", **_around([70.8, 71.3, 70.9, None, 71.4, 71.0, 70.7, 67.9, 65.4, 64.2], 1.6)},
            ],
            "ambition": 75,
            "marks": [{"at": "2026-04", "label": "scale changed"}, {"at": "2026-08", "label": "firmware 3.2"}],
        },
    ),
    (
        "line-several",
        "Which channel moved?",
        {
            "kind": "line",
            "unit": "% satisfied",
            "x": MONTHS,
            "series": [
                {"name": "Phone", "values": [74.1, 73.8, 74.3, 74.0, 73.9, 74.2, 74.1, 74.4, 73.8, 74.0]},
                {"name": "Chat", "values": [66.2, 65.8, 66.0, 66.3, 65.7, 66.1, 65.9, 57.2, 50.1, 47.9]},
                {"name": "App", "values": [70.1, 70.4, 70.2, 70.0, 70.6, 70.3, 70.5, 70.1, 70.2, 70.4]},
            ],
        },
    ),
    (
        "bars",
        "What do people contact us about?",
        {
            "kind": "bars",
            "unit": "contacts",
            "x": ["Router lights", "Bill higher than expected", "Where is my technician?", LONG_NAME, "Moving home"],
            "series": [{"name": "Contacts", "values": [1840, 1322, 977, 410, 0]}],
            "zero": True,
        },
    ),
    (
        "bars-time",
        "How many contacts were avoidable?",
        {
            "kind": "bars",
            "unit": "contacts",
            "x": MONTHS,
            "series": [{"name": "Avoidable", "values": [120, 118, 121, 125, 119, 117, 122, 160, 188, 203]}],
            "zero": True,
        },
    ),
    (
        "points",
        "Where do we break our promise?",
        {
            "kind": "points",
            "unit": "of 10",
            "x": ["Choosing", "Ordering", "Installation", "First evening", "Getting help", "Paying"],
            "series": [
                {"name": "expected", **_around([7.8, 8.1, 8.8, 9.1, 8.0, 7.1], 0.2)},
                {"name": "delivered", **_around([7.6, 7.9, 8.5, 6.2, 6.9, 7.0], 0.3)},
            ],
        },
    ),
    (
        "band",
        "Is the process in control?",
        {
            "kind": "band",
            "unit": "days",
            "x": MONTHS,
            "series": [
                {"name": "Time to onboard", "values": [4.2, 4.0, 4.1, 4.4, 4.1, 4.0, 4.3, 6.1, 8.8, 9.8]},
                {
                    "name": "Usual",
                    "dashed": True,
                    "values": [4.2] * 10,
                    "low": [3.4] * 10,
                    "high": [5.0] * 10,
                },
            ],
        },
    ),
    (
        "scatter",
        "What is worth its effort?",
        {
            "kind": "scatter",
            "x": [],
            "x_label": "Effort, person days",
            "y_label": "Value, points",
            "series": [
                {
                    "name": "Items",
                    "values": [
                        [8, 72, "Activation check"],
                        [30, 55, "Chatbot"],
                        [14, 31, "Hub 3 article"],
                        [45, 64, "Firmware"],
                    ],
                }
            ],
            "zero": True,
        },
    ),
    (
        "waterfall",
        "Which part opens the gap?",
        {
            "kind": "waterfall",
            "unit": "points",
            "x": ["Ambition", "Tickets on time", "Log-in time", "Effort", "Satisfaction", "Delivered"],
            "series": [{"name": "Start of shift", "values": [80, -6.25, -5.4, -1.5, 0, 66.85]}],
            "totals": [0, 5],
        },
    ),
    ("none", "What will stand here?", {"kind": "line", "x": [], "series": []}),
]
TABLE: list[dict[str, Any]] = [
    {"unit": unit, "n": cell["n"], "cell": cell, "state": state, "money": money}
    for unit, cell, state, money in (
        ("Coast", _cell(84.2, 82.4, 85.9, 1612), ("better", "thank them"), -1240.5),
        ("Calder", _cell(68.0, 66.0, 69.9, 2204), ("worse", "late"), 204_000),
        (LONG_NAME, _cell(None, 12, 88, 7, suppressed="too_few", min_n=30), ("quiet", "draft"), None),
    )
]
