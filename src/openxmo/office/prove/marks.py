"""Initiatives on the charts of the metric that they should move: from the day of their change."""

from collections.abc import Iterator

from openxmo.office.accounts.access import Access
from openxmo.office.lib.marks import Mark
from openxmo.office.prove.queries import standing_plan
from openxmo.office.prove.things import address_of
from openxmo.office.prove.visibility import visible_to


def marks_of(metric: str, access: Access) -> Iterator[Mark]:
    """Those that began, whatever became of them; a draft or a plan has changed nothing."""
    begun = visible_to(access).filter(started_at__isnull=False, plans__metric=metric).distinct()
    for initiative in begun.order_by("id"):
        plan = standing_plan(initiative)
        if plan is not None and plan.metric == metric:
            yield Mark(plan.change_on, initiative.title, address_of(initiative))
