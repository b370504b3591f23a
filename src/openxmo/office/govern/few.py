"""Why an office of few employees shows their answers as a whole only: one sentence for every page."""

from django.utils.translation import gettext as _

from openxmo.office.govern.session import Session


def why_whole(office: Session) -> str:
    """The sentence where too few employees were heard; empty where their answers may be cut."""
    if not office.has_few_employees:
        return ""
    return _(
        "Fewer than %(least)d employees were heard, so what they say is shown for the whole organisation only, and "
        "without comments: in so small a group people recognise each other."
    ) % {"least": office.rules.organisation}
