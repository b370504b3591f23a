"""What every template uses: `{% load ui %}`. The gallery at /ui/gallery/ shows each in every state."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms, template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openxmo.core.privacy.redaction import redact
from openxmo.office.lib.clock import now
from openxmo.office.ui import assets
from openxmo.office.ui.components import chart as charts
from openxmo.office.ui.components import estimate as estimates
from openxmo.office.ui.components import spark as sparks
from openxmo.office.ui.components import words
from openxmo.office.ui.components.fields import lay_field
from openxmo.office.ui.components.trail import WALKS, hidden_once

register = template.Library()
register.filter("number", words.number)
register.filter("signed", words.signed)
register.filter("percent", words.percent)
register.filter("money", words.money)
register.filter("moment", words.moment)
register.filter("day", words.day)
register.filter("period", words.period)
register.filter("span", words.span)
WHOSE = {"customer": _("customers"), "employee": _("employees"), "partner": _("partners"), "product": _("products")}
ABBREVIATIONS = frozenset({"csat", "nps", "ces", "enps", "fcr"})
DIMENSIONS = {
    "channel": _("channel"),
    "product": _("product"),
    "region": _("region"),
    "site": _("site"),
    "stage": _("stage"),
    "segment": _("segment"),
    "team": _("team"),
    "unit": _("unit"),
}
NATURES = {
    "lagging": _("tells how it went"),
    "leading": _("tells what is coming"),
    "operational": _("tells how work runs"),
    "financial": _("tells what it costs or earns"),
}
VOICES = {
    "customer": _("said by customers"),
    "employee": _("said by employees"),
    "partner": _("said by partners"),
    "process": _("counted in processes"),
}
numbers = itertools.count(1)  # for ids that no other element of a page has
PART = "ui/components/{0}/{0}.html"


@register.filter
def masked(text: Any) -> str:
    """People's words, without what identifies them."""
    return redact(str(text or ""))


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: `{% asset "shell.css" %}`."""
    return assets.address_of(name)


@register.inclusion_tag("ui/components/island.html")
def island(name: str) -> dict[str, Any]:
    """The script, and the style if it has one, of a page that needs more than the shell: `{% island "survey" %}`."""
    return {"script": assets.address_of(f"{name}.js"), "style": assets.find_address(f"{name}.css")}


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> str:
    """A block's text once more, without its marks: the page's question is its heading and its title."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return " ".join(strip_tags(block.render(context)).split()) if block else ""


@register.inclusion_tag(PART.format("estimate"))
def estimate(cell: Any, **how: Any) -> dict[str, Any]:
    """`{% estimate cell unit="%" label="CSAT" ambition=80 better="higher" change=moved behind=url compact=False %}`."""
    return {**estimates.build(cell, **how), "id": f"estimate-{next(numbers)}"}


@register.filter
def said(value: Any) -> str:
    """A value as sources tell it (`no_connection`), as people read it."""
    words = str(value or "").replace("_", " ")
    return words.upper() if words in ABBREVIATIONS else words


@register.filter
def unstopped(sentence: str | None) -> str:
    """A sentence that stands within another one, without its own full stop."""
    return str(sentence or "").removesuffix(".")


@register.filter
def dimension(key: str | None) -> str:
    """A usual dimension in words."""
    return str(DIMENSIONS.get(key or "", said(key)))


@register.filter
def nature(family: str | None) -> str:
    """What a metric of this family tells."""
    return str(NATURES.get(family or "", said(family)))


@register.filter
def voice(key: str | None) -> str:
    """Who speaks in a metric."""
    return str(VOICES.get(key or "", said(key)))


@register.filter
def whose(experience: str | None) -> str:
    """Whose experience a thing is about, in words."""
    return str(WHOSE.get(experience or "", said(experience) or gettext("all")))


@register.simple_tag(takes_context=True)
def unit_name(context: template.Context, key: str) -> str:
    """A unit by its name, for somebody who sees it; else its key."""
    return next((str(unit["label"]) for unit in context.get("units") or () if unit["key"] == key), key)


@register.filter
def reach(cells: Any) -> tuple[float, float] | None:
    """One scale for several cells of one metric: `{% with scale=rows|reach %}{% estimate row within=scale %}`."""
    return estimates.reach_of(cells or ())


@register.filter
def beside(cell: Any, other: Any) -> tuple[float, float] | None:
    """One scale for two cells: `{% estimate row.before within=row.before|beside:row.after %}`."""
    return estimates.reach_of((cell, other))


@register.inclusion_tag(PART.format("chart"))
def chart(id: str, question: str, spec: dict[str, Any], table: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A question, its drawing and the same data as a table; `spec` as in docs/how-to/add-a-component.md."""
    charts.check_spec(spec)
    rows = charts.table_of(spec) if table is None else table
    return {
        "id": id,
        "spec_id": f"{id}-spec",
        "question": question,
        "spec": spec,
        "drawn": charts.has_values(spec),
        "words": charts.describe(spec),
        "keys": charts.keys_of(spec),
        "table": charts.lay_table(rows),
    }


@register.inclusion_tag(PART.format("spark"))
def spark(values: Sequence[float | None], ambition: float | None = None, unit: str = "") -> dict[str, Any]:
    """Values in their order as a line without axes, with the ambition as a broken one; said in words as well."""
    return sparks.build(values, ambition, unit)


@register.inclusion_tag(PART.format("empty"))
def empty(title: str, why: str = "", button: str = "", url: str = "") -> dict[str, Any]:
    """What will stand here, why it matters, and the one button that fills it."""
    return {"title": title, "why": why, "button": button, "url": url}


SIGNS = {"better": "▲", "worse": "▼", "open": "●", "info": "●", "quiet": ""}


@register.inclusion_tag(PART.format("pill"))
def pill(text: Any, tone: str = "quiet") -> dict[str, Any]:
    """A state in a word; the tones are better, worse, open, info and quiet."""
    return {"text": text, "tone": tone, "sign": SIGNS[tone]}


@register.inclusion_tag(PART.format("quote"))
def quote(text: Any, theme: str = "", stage: str = "", score: Any = None, by: str = "") -> dict[str, Any]:
    """Somebody's own words, masked, with what they are about."""
    return {"text": masked(text), "theme": theme, "stage": stage, "score": score, "by": by}


@register.inclusion_tag(PART.format("due"))
def due(at: datetime | None, warn_at: datetime | None = None, done: bool = False) -> dict[str, Any]:
    """How long is left on a clock; `warn_at` is when it begins to press."""
    moment = now()
    tone = "quiet"
    if at is not None and not done:
        tone = "worse" if at <= moment else "open" if warn_at and warn_at <= moment else "quiet"
    return {"at": at, "tone": tone, "words": words.time_left(at, at=moment) if at else "", "done": done}


@register.inclusion_tag(PART.format("trail"), takes_context=True)
def trail(context: template.Context, name: str) -> dict[str, Any]:
    """From what was heard to the verdict: what this came out of, and what came out of it."""
    access = context["request"].access
    return {"earlier": hidden_once(WALKS.earlier(name, access)), "later": hidden_once(WALKS.later(name, access))}


@register.inclusion_tag(PART.format("deed"), takes_context=True)
def deed(
    context: template.Context, label: str, url: str, method: str = "post", tone: str = "primary", **hidden: Any
) -> dict[str, Any]:
    """One button that does one thing; further names are sent along: `{% deed "Close" url state="closed" %}`."""
    return {
        "label": label,
        "url": url,
        "method": method,
        "tone": tone,
        "hidden": hidden,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag(PART.format("form_fields"))
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field with its label, help and errors; what is wrong with the whole form stands first."""
    return {
        "form": form,
        "hidden": form.hidden_fields(),
        "fields": [lay_field(field) for field in form.visible_fields()],
        "errors": form.non_field_errors(),
    }


@register.inclusion_tag(PART.format("crumbs"))
def crumbs(*pairs: str) -> dict[str, Any]:
    """The way here: `{% crumbs "Backlog" backlog_url item.title %}`; the last one is the page itself."""
    steps = [(label, pairs[place + 1]) for place, label in enumerate(pairs[:-1]) if place % 2 == 0]
    here = pairs[-1] if len(pairs) % 2 else ""
    return {"steps": steps, "here": here}


@register.simple_tag(takes_context=True)
def keep(context: template.Context, address: str) -> str:
    """An address of this office with the unit and the period that are being looked at."""
    return str(context["asked"].carry(address)) if "asked" in context else address
