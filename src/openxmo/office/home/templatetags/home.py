"""`{% load home %}`: addresses of a page's parts, and rows that stand side by side."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def keep_url(context: template.Context, route: str, *args: Any) -> str:
    """The address of a part of this page, asked for the same unit and period."""
    asked = context.get("asked")
    there = reverse(route, args=args)
    return asked.carry(there) if asked else there


@register.filter
def item(listed: Sequence[Any], place: int) -> Any:
    """`{{ metrics|item:forloop.counter0 }}`: what stands at the same place of another list."""
    return listed[place]
