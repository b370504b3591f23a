"""What people fill in on this room's pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openxmo.office.act.models import BlockerSort, Cause, ConversationEntry, Recommendation
from openxmo.office.act.models.recommendations import Lever

Way = ConversationEntry.Way


def words(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=8000, widget=forms.Textarea({"rows": rows})
    )


class ReplyForm(forms.Form):
    """To the customer; a letter only where an address was left."""

    way = forms.ChoiceField(label=_("How"))
    words = words(_("What you say, or what was said"), rows=4)

    def __init__(self, *args: Any, reachable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [Way.LETTER, Way.CALL, Way.CHAT] if reachable else [Way.CALL, Way.CHAT]
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way.value, way.label) for way in ways]


class NoteForm(forms.Form):
    words = words(_("A note for us; the customer never sees it"), rows=2)


class CauseForm(forms.Form):
    cause = forms.ModelChoiceField(
        label=_("Why did it happen?"), queryset=Cause.objects.filter(archived_at__isnull=True), empty_label=_("Choose")
    )
    severe = forms.BooleanField(label=_("Severe: it did harm, or could have"), required=False)


class WhyForm(forms.Form):
    why = words(_("Why"), rows=2)


class AssignForm(forms.Form):
    """`cases` are ticked in the table; nobody chosen puts them back into the queue."""

    to = forms.ChoiceField(label=_("Give the ticked cases to"), required=False)

    def __init__(self, *args: Any, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("nobody: back into the queue")), *((name, name) for name in names)]


class JudgeForm(forms.Form):
    deed = forms.ChoiceField(choices=[("accept", "accept"), ("dismiss", "dismiss")])
    why = forms.CharField(required=False, max_length=2000)


class NewCauseForm(forms.Form):
    label = forms.CharField(label=_("Root cause, in a few words"), max_length=120)
    handling_cost = forms.DecimalField(
        label=_("What handling one such case costs"), required=False, min_value=0, max_digits=10, decimal_places=2
    )


class RecommendForm(forms.Form):
    asked = forms.CharField(
        label=_("What is asked"), max_length=300, help_text=_("One deed that this team can do or refuse.")
    )
    unit = forms.ChoiceField(label=_("Of which team"))
    lever = forms.ChoiceField(label=_("By which lever"), choices=Lever.choices)
    why = words(_("Why, in plain words"), help_text=_("As you would tell it to somebody who was not there."))
    strength = forms.ChoiceField(
        label=_("How strong is the evidence"), choices=Recommendation.Strength.choices, widget=forms.RadioSelect
    )
    cost_of_not_acting = words(_("What it costs not to act"), rows=2, required=False)
    may_be_wrong = words(_("What we may have wrong"), rows=2)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *units]


class AnswerForm(forms.Form):
    deed = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            ("accept", _("Accept: we will do it")),
            ("decline", _("Decline: we will not, for this reason")),
            ("counter", _("Counter: we would rather do this")),
        ],
    )
    said = words(
        _("Your reason, or what you would do instead"), required=False, help_text=_("Needed to decline or to counter.")
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("deed") in ("decline", "counter") and not (found.get("said") or "").strip():
            self.add_error("said", _("Say why you decline, or what you would do instead."))
        return found


class BlockerForm(forms.Form):
    sort = forms.ChoiceField(label=_("What kind of blocker"), choices=BlockerSort.choices)
    said = forms.CharField(label=_("What holds it up, in a sentence"), max_length=300)


class NoteWriteForm(forms.Form):
    you_said = words(_("You said"), help_text=_("In their words, nobody named."))
    we_did = words(_("We did"))
    about = forms.CharField(
        label=_("About"), required=False, max_length=300, help_text=_("An item or initiative, such as item:3.")
    )
    heard_in = forms.DateField(label=_("When it was heard"), required=False, widget=forms.DateInput({"type": "date"}))


class ToldForm(forms.Form):
    told_to = forms.IntegerField(label=_("Told to how many people"), min_value=0, max_value=1_000_000_000)


class ConfirmForm(forms.Form):
    """Did this help? and how it was, answered by the customer."""

    helped = forms.ChoiceField(
        label=_("Did this help?"), widget=forms.RadioSelect, choices=[("yes", _("Yes")), ("no", _("No"))]
    )
    score = forms.TypedChoiceField(
        label=_("How satisfied are you with how we answered you?"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        choices=[
            (1, _("1: very dissatisfied")),
            (2, "2"),
            (3, "3"),
            (4, "4"),
            (5, _("5: very satisfied")),
        ],
    )
    words = words(_("Anything else?"), rows=2, required=False)
