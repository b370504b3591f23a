"""Who can sign in, for whoever keeps the system; and which keys are there, all of them or one's own."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from openxmo.core.errors import NotAllowed, UserError, WrongUsage
from openxmo.office.accounts import actions, keys, letters
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.models import ApiKey
from openxmo.office.accounts.roles import ROLES, Right
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.people import admit, list_admitted
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to


class PersonForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name they sign in with"), max_length=150)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("Not needed for somebody whom the office names already."),
    )
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Units"), required=False, help_text=gettext_lazy("Each with all units below it.")
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        units = read_office(served_home()).units
        self.fields["roles"].choices = [(role.key, role.label) for role in ROLES.values()]  # type: ignore[attr-defined]
        self.fields["units"].choices = [(unit.key, unit.label or unit.key) for unit in units]  # type: ignore[attr-defined]


@open_to(Right.KEEP_SYSTEM)
@never_cache
@require_http_methods(["GET", "POST"])
def people(request: OfficeRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            password = admit(served_home(), **given, by=request.access.name, at=now())
            if letters.reach(actions.find_user(given["name"])):
                actions.send_link(given["name"], by=request.access.name, at=now())
                messages.success(request, _("%s gets a letter with a link to set their password.") % given["name"])
                return redirect("govern-people")
            made, form = (given["name"], password), PersonForm()
        except UserError as error:
            form.add_error(None, f"{error.what} {error.mend}")
    return _people_page(request, form, made)


def _people_page(request: OfficeRequest, form: PersonForm, made: tuple[str, str] | None) -> HttpResponse:
    admitted = list_admitted(served_home())
    context = {
        "people": admitted,
        "able": sum(one.can_sign_in for one in admitted),
        "without": sum(one.stands and one.user is None for one in admitted),
        "never": sum(one.can_sign_in and one.user is not None and one.user.last_login is None for one in admitted),
        "form": form,
        "made": made,
        "roles": ROLES,
        "tied": set(SocialAccount.objects.values_list("user__username", flat=True)),
        "changes": request.access.has(Right.CHANGE_ROLES),
    }
    return render(request, "govern/people.html", context, status=422 if form.errors else 200)


@open_to(Right.KEEP_SYSTEM)
@never_cache
@require_POST
def reset(request: OfficeRequest) -> HttpResponse:
    """A link that the person alone gets, where letters reach them; else a new password, shown once.

    Nobody's own: that is changed where the old one is asked for.
    """
    name = _other(request)
    user = actions.find_user(name)
    actions.check_has_password(user)
    if letters.reach(user):
        actions.send_link(name, by=request.access.name, at=now())
        messages.success(request, _("%s gets a letter with a link to set their password.") % name)
        return redirect("govern-people")
    password = actions.reset_password(name, by=request.access.name, at=now())
    return _people_page(request, PersonForm(), (name, password))


@open_to(Right.KEEP_SYSTEM)
@require_POST
def sign_out(request: OfficeRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    ended = actions.end_sessions(name, by=request.access.name, at=now())
    messages.success(request, _("%(name)s is signed out of %(ended)s browsers.") % {"name": name, "ended": ended})
    return redirect("govern-people")


@open_to(Right.KEEP_SYSTEM)
@require_POST
def forget_factor(request: OfficeRequest) -> HttpResponse:
    name = _other(request)
    actions.forget_second_factor(name, by=request.access.name, at=now())
    messages.success(request, _("%s signs in with the password alone now.") % name)
    return redirect("govern-people")


@open_to(Right.KEEP_SYSTEM)
@require_POST
def forget_provider(request: OfficeRequest) -> HttpResponse:
    name = _other(request)
    actions.forget_provider(name, by=request.access.name, at=now())
    messages.success(request, _("The next account of that name at the identity provider signs in as %s.") % name)
    return redirect("govern-people")


def _other(request: OfficeRequest) -> str:
    name = request.POST.get("name", "")
    if name == request.access.name:
        raise NotAllowed(_("This is your own sign-in."), mend=_("Change it on your account page, with your password."))
    return name


class KeyForm(forms.Form):
    """Offers what the maker may do, and no more."""

    name = forms.CharField(label=gettext_lazy("The program that will use it"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, maker: Access, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(scope, f"{scope}: {keys.SCOPES[scope][0]}") for scope in keys.scopes_of(maker)]


@open_to(Right.KEEP_SYSTEM, Right.READ_SCORES)
@never_cache
@require_http_methods(["GET", "POST"])
def key_list(request: OfficeRequest) -> HttpResponse:
    """Whoever keeps the system sees all keys and can end each; everybody else their own."""
    maker = request.access
    form = KeyForm(request.POST or None, maker=maker)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            key, presented = keys.add_key(**form.cleaned_data, maker=maker, by=maker.name, at=now())
            made, form = (key.name, presented), KeyForm(maker=maker)
        except UserError as error:
            form.add_error(None, f"{error.what} {error.mend}")
    listed = list(keys_seen_by(maker))
    context = {
        "keys": listed,
        "used": sum(one.revoked_at is None for one in listed),
        "unused": sum(one.revoked_at is None and one.last_used_at is None for one in listed),
        "form": form,
        "made": made,
        "all": maker.has(Right.KEEP_SYSTEM),
    }
    return render(request, "govern/keys.html", context, status=422 if form.errors else 200)


def keys_seen_by(person: Access) -> QuerySet[ApiKey]:
    rows = ApiKey.objects.all()
    return rows if person.has(Right.KEEP_SYSTEM) else rows.filter(acts_as=person.name)


@open_to(Right.KEEP_SYSTEM, Right.READ_SCORES)
@require_POST
def revoke(request: OfficeRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    if not keys_seen_by(request.access).filter(name=name, revoked_at=None).exists():
        raise WrongUsage(_("You have no key of this name in use."), mend=_("Each key is ended by its own maker."))
    key = keys.revoke_key(name, by=request.access.name, at=now())
    messages.success(request, _("The key %s opens nothing any more.") % key.name)
    return redirect("govern-keys")
