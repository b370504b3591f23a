"""Codes of the listen room in words for people."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

HELD = {
    "open_complaint": gettext_lazy("has an open complaint: a survey now would be an insult"),
    "asked_lately": gettext_lazy("was asked lately"),
    "relationship_lately": gettext_lazy("was asked about the relationship lately"),
    "asked_often": gettext_lazy("was asked as often as the rule allows in a year"),
    "refused": gettext_lazy("does not want to be asked"),
}
REJECTED = {
    "broken_row": gettext_lazy("the row breaks the form of the file"),
    "wrong_width": gettext_lazy("the row has more or fewer cells than the header"),
    "not_json": gettext_lazy("the line is no JSON"),
    "not_an_object": gettext_lazy("the line is no JSON object"),
    "too_long": gettext_lazy("the row is longer than 8 MB"),
    "missing": gettext_lazy("something every signal needs is missing"),
    "no_date": gettext_lazy("a date cannot be read"),
    "no_zone": gettext_lazy("a time does not say its zone"),
    "no_number": gettext_lazy("a number cannot be read"),
    "not_a_number": gettext_lazy("a number cannot be read"),
    "bad_value": gettext_lazy("a value is not of the kind its column asks for"),
    "outside_scale": gettext_lazy("a rating lies outside its scale"),
    "no_scale": gettext_lazy("a rating does not say its scale"),
    "ends_before_start": gettext_lazy("it ends before it begins"),
    "cut_off": gettext_lazy("the last line breaks off"),
    "no_text": gettext_lazy("a cell holds half a character"),
    "not_csv": gettext_lazy("the row is no CSV"),
    "wrong_cells": gettext_lazy("the row has more or fewer cells than the header"),
    "unknown_value": gettext_lazy("a value is not among those known"),
    "unknown_key": gettext_lazy("a column is not known"),
    "conflict": gettext_lazy("the same row came before with other content"),
    "erased": gettext_lazy("of somebody who was erased: not stored, and not kept"),
    "unreadable": gettext_lazy("the file could not be read"),
}


def held_in_words(why: str, until: datetime | None) -> str:
    said = str(HELD.get(why, why.replace("_", " ")))
    if until is None:
        return said
    return gettext("%(why)s, may be asked from %(day)s") % {"why": said, "day": date_format(until, "j F Y")}


def rejected_in_words(code: str) -> str:
    return str(REJECTED.get(code, code.replace("_", " ")))
