"""What the kinds of objects are called on pages, and what each is for."""

from django.utils.translation import gettext_lazy as _

KIND_NAMES = {
    "office": _("Settings of the office"),
    "unit": _("Units"),
    "person": _("People and roles"),
    "calendar": _("Calendars"),
    "source": _("Sources"),
    "instrument": _("Questions"),
    "dimension": _("Dimensions"),
    "metric": _("Metrics"),
    "objective": _("Strategic objectives"),
    "ambition": _("Ambitions"),
    "xla": _("Experience level agreements"),
    "standard": _("Standards"),
    "journey": _("Journeys"),
    "rule": _("Rules"),
    "programme": _("Listening programmes"),
    "survey": _("Surveys"),
}
DESCRIPTIONS = {
    "office": _("Name, vision, zone, currency, retention, minimum groups, and the record on agents' numbers."),
    "unit": _("The parts of the organisation, in a tree, with the days on which they stand."),
    "person": _("Who works with the office, in which roles, for which units."),
    "calendar": _("The open hours by which clocks run."),
    "source": _("What is known about those who tell us: zone, scale, how fresh they should be."),
    "instrument": _("One question in one wording. A new wording is a new version beside the old one."),
    "dimension": _("By what scores can be cut, also by facts of linked records."),
    "metric": _("What is measured, from what, and how it is scored."),
    "objective": _("What the organisation wants to reach."),
    "ambition": _("What is strived for: a target on a metric or on an agreement."),
    "xla": _("Weighted composites of experience, operations and technology."),
    "standard": _("What we demand of ourselves, and why."),
    "journey": _("The stages that a person goes through."),
    "rule": _("Clocks, routing, frequency, reviews."),
    "programme": _("Which surveys at which journeys, for which decision."),
    "survey": _("At most five questions, with what happens to the answers."),
}
TITLES = {
    "metric": _("What did we decide to measure by?"),
    "ambition": _("What are our ambitions?"),
    "unit": _("Which units are there?"),
    "person": _("Who works with the office?"),
    "rule": _("By which rules do we work?"),
    "survey": _("What do we ask?"),
}


def title_of(kind: str) -> str:
    """The question of the page that lists a kind."""
    return (
        str(TITLES[kind]) if kind in TITLES else str(_("What did we settle about %s?") % str(KIND_NAMES[kind]).lower())
    )
