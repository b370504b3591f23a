"""A metric as other rooms' pages name it, where it speaks for an idea: `metric:csat`."""

from django.urls import reverse
from django.utils.translation import gettext

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.things import Thing, shown_if


def describe_metric(key: str, access: Access) -> Thing | None:
    """The metric with its page in the catalogue; None for one that the office does not keep."""
    found = next((metric for metric in read_office(served_home()).metrics if metric.key == key), None)
    if found is None:
        return None
    thing = Thing(
        f"metric:{key}", gettext("Metric"), found.label or key, reverse("understand-measure", kwargs={"key": key})
    )
    return shown_if(access.has(Right.READ_SCORES), thing)
