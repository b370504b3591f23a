"""The forms of the listen room's pages."""

import csv
import io
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from openxmo.office.govern.office import Office
from openxmo.office.listen.actions.openings import Invitee

WHO = ("subject", "account", "contact", "issue", "agent", "team")
MOST_LIST_BYTES = 5 * 1024 * 1024


class OpeningForm(forms.Form):
    """How and where a survey is opened."""

    label = forms.CharField(
        label=gettext_lazy("A name for this link"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For yourselves: “till slip, shop in Graz” or “letter of May”."),
    )
    personal = forms.ChoiceField(
        label=gettext_lazy("Who gets a link?"),
        choices=[
            ("", gettext_lazy("Everybody the same: on a bill, a page, a poster")),
            ("yes", gettext_lazy("Each person their own: in a letter, once, with what is known of them")),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    unit = forms.ChoiceField(label=gettext_lazy("Whose is it?"), required=False)
    channel = forms.CharField(label=gettext_lazy("Channel"), max_length=100, required=False)
    touchpoint = forms.CharField(label=gettext_lazy("Touchpoint"), max_length=100, required=False)
    journey = forms.CharField(label=gettext_lazy("Journey"), max_length=100, required=False)
    stage = forms.CharField(label=gettext_lazy("Stage of the journey"), max_length=100, required=False)
    product = forms.CharField(label=gettext_lazy("Product"), max_length=100, required=False)
    site = forms.CharField(label=gettext_lazy("Site"), max_length=100, required=False)
    valid_to = forms.DateField(
        label=gettext_lazy("Closes on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The first day on which nobody can answer any more; empty is never."),
    )

    def __init__(self, *args: Any, office: Office, units: frozenset[str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = [("", gettext("The whole organisation"))] if units is None else []
        mine = [(u.key, u.label or u.key) for u in office.units if units is None or u.key in units]
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*everywhere, *mine]
        field.required = units is not None


class InviteForm(forms.Form):
    """The people to ask: pasted, or as a file."""

    people = forms.CharField(
        label=gettext_lazy("People to ask, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Your key for each person, no name and no address. With a first line that names the columns, "
            "subject, account, contact, issue, agent and team can be given, parted by commas."
        ),
    )
    file = forms.FileField(label=gettext_lazy("Or a CSV file with these columns"), required=False)
    expires_in = forms.IntegerField(label=gettext_lazy("Links are good for (days)"), min_value=1, max_value=365)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        text = found.get("people") or ""
        sent = found.get("file")
        if sent:
            if sent.size > MOST_LIST_BYTES:
                raise forms.ValidationError(gettext("The list is larger than 5 MB: part it."))
            text = decode(sent.read())
        found["invitees"] = read_people(text)
        return found


def decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise forms.ValidationError(gettext("The list is not written in UTF-8: save it as CSV UTF-8.")) from None


def read_people(text: str) -> list[Invitee]:
    """The list, with or without a first line that names its columns."""
    if "\x00" in text:
        raise forms.ValidationError(gettext("The list is no text: save it as CSV UTF-8."))
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), strict=True) if any(row)]
    except csv.Error as error:
        raise forms.ValidationError(gettext("The list cannot be read: %s.") % error) from None
    if not rows:
        raise forms.ValidationError(gettext("Nobody is named: write one person a line, or choose a file."))
    names = [cell.lower() for cell in rows[0]]
    named = "subject" in names
    unknown = [name for name in names if name not in WHO] if named else []
    if unknown:
        raise forms.ValidationError(
            gettext("The list has a column “%(name)s”; known are %(known)s.")
            % {"name": unknown[0], "known": ", ".join(WHO)}
        )
    columns = names if named else ["subject"]
    return [read_person(row, columns, place) for place, row in enumerate(rows[named:], 1 + named)]


def read_person(row: list[str], columns: list[str], line: int) -> Invitee:
    if len(row) > len(columns):
        raise forms.ValidationError(gettext("Line %s has more cells than columns are named.") % line)
    cells = dict(zip(columns, row, strict=False))
    subject = cells.get("subject", "")
    if not subject:
        raise forms.ValidationError(gettext("Line %s names nobody.") % line)
    if "@" in subject:
        raise forms.ValidationError(
            gettext("Line %s holds an address: give your own key for the person; addresses stay with your sender.")
            % line
        )
    if any(len(cell) > 300 for cell in cells.values()):
        raise forms.ValidationError(gettext("Line %s has a key of more than 300 letters.") % line)
    return Invitee(**cells)


class NoticeForm(forms.Form):
    """What somebody noticed, in under a minute."""

    text = forms.CharField(
        label=gettext_lazy("What have you noticed?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("In your own words. Leave out names of customers and colleagues."),
    )
    about = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A product, a page, a form, an article, another company."),
    )
    stage = forms.CharField(label=gettext_lazy("At which stage of the journey?"), max_length=100, required=False)
    readable = forms.BooleanField(
        label=gettext_lazy("Whoever decides what to improve may read these words, without my name"),
        required=False,
        help_text=gettext_lazy(
            "Then it can become an idea by itself. In a small team, your words may tell who you are."
        ),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Your file"),
        help_text=gettext_lazy("CSV, Excel (XLSX), Parquet, XES, or one JSON object a line; also packed with gzip."),
        allow_empty_file=True,
    )
    source = forms.RegexField(
        r"^[\w][\w .-]{0,99}$",
        label=gettext_lazy("Who told us?"),
        help_text=gettext_lazy("A short name of the tool or survey it comes from; its files are kept together."),
        initial="survey",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why is it undone?"), max_length=500)
