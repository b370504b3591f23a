"""What the backlog's templates need beside the office's own tags."""

from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString

from openxmo.office.decide.vocabulary import LABELS

register = template.Library()


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changed: Any) -> SafeString:
    """The query of this address with these names set: `?{% query_with page=2 %}`."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return escape(query.urlencode())


@register.filter
def facet_words(sentence: str) -> str:
    """A sentence about facets, with their names as people read them."""
    for facet, label in LABELS.items():
        sentence = sentence.replace(facet, str(label))
    return sentence


@register.filter
def pair(first: Any, second: Any) -> tuple[Any, Any]:
    return first, second
