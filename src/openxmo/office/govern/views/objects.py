"""What the office decided to measure by, and all else it declares: read, changed on a screen, archived."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openxmo.core.errors import NotAllowed, UnreadableInput
from openxmo.office.accounts.roles import Right
from openxmo.office.govern import actions, store
from openxmo.office.govern.chooser import Choice, judge_programme
from openxmo.office.govern.kinds import DESCRIPTIONS, KIND_NAMES, title_of
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.office import KINDS, SETTINGS, identity
from openxmo.office.govern.practice import Programme
from openxmo.office.govern.queries import check_right, definitions, read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.screens.forms import ObjectForm, full_table, variants_of
from openxmo.office.govern.screens.references import called
from openxmo.office.govern.versions import editions_of, flat
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to

PERSONAL = frozenset({"person"})  # kinds that only those see who change or audit the office
GIVING = frozenset({"person", "unit"})  # kinds from which it follows what people may do and see
CHANGES = (Right.CHANGE_OFFICE, Right.CHANGE_ROLES)  # which of them, `right_to_change` says for each kind
READS = (Right.READ_SCORES, Right.READ_AUDIT, Right.CHANGE_OFFICE, Right.KEEP_SYSTEM)


@open_to(*READS)
@require_GET
def office(request: OfficeRequest) -> HttpResponse:
    """All kinds, how many of each stand, and what was changed last."""
    standing = read_office(served_home())
    changes = store.read_history(served_home())[::-1][:10]
    kinds = [
        (kind, KIND_NAMES[kind], DESCRIPTIONS[kind], len(standing.of(kind))) for kind in KINDS if sees(request, kind)
    ]
    context = {
        "kinds": kinds,
        "changes_made": [(one, [v for v in one.versions if sees(request, v.kind)]) for one in changes],
        "newest": changes[0] if changes else None,
        "count": sum(count for *_, count in kinds),
        "changes": request.access.has(Right.CHANGE_OFFICE),
        "settings": standing.settings,
    }
    return render(request, "govern/office.html", context)


@open_to(*READS)
@require_GET
def kind(request: OfficeRequest, kind: str) -> HttpResponse:
    check_kind(request, kind)
    home = served_home()
    standings = [one for (name, _key), one in store.read_standings(home).items() if name == kind]
    context = {
        "kind": kind,
        "name": KIND_NAMES[kind],
        "title": title_of(kind),
        "description": DESCRIPTIONS[kind],
        "standing": [(one, called(one.object)) for one in standings if not one.archived],
        "archived": [(one, called(one.object)) for one in standings if one.archived],
        "variants": sorted(variants_of(kind)),
        "changes": may_change(request, kind),
    }
    return render(request, "govern/kind.html", context)


@open_to(*READS)
@require_GET
def show(request: OfficeRequest, kind: str, key: str) -> HttpResponse:
    standing = find_standing(request, kind, key)
    editions = editions_of(served_home(), kind, key)
    context = {
        "kind": kind,
        "key": key,
        "name": KIND_NAMES[kind],
        "label": called(standing.object) if kind != SETTINGS else KIND_NAMES[kind],
        "standing": standing,
        "editions": editions,
        "fields": [(name.replace("_", " "), value) for name, value in flat(_plain(standing.object)) if value],
        "choice": choice_of(standing.object),
        "changes": may_change(request, kind),
    }
    return render(request, "govern/object.html", context)


def choice_of(item: Any) -> Choice | None:
    """What is to be thought of in the metrics that a programme has chosen and given its reason for."""
    if not isinstance(item, Programme) or not item.metrics or not item.why_these.strip():
        return None
    return judge_programme(definitions(served_home()), item)


@open_to(*CHANGES)
@require_http_methods(["GET", "POST"])
def edit(request: OfficeRequest, kind: str, key: str) -> HttpResponse:
    standing = find_changeable(request, kind, key)
    if kind == "person" and key == request.access.name:
        raise NotAllowed(_("Nobody changes their own roles."), mend=_("Ask somebody else who may."))
    form = ObjectForm(
        kind, read_office(served_home()), request.POST or None, item=standing.object, version=standing.version
    )
    return _answer(request, form, kind, str(KIND_NAMES[kind]) if kind == SETTINGS else called(standing.object), key=key)


@open_to(*CHANGES)
@require_http_methods(["GET", "POST"])
def new(request: OfficeRequest, kind: str) -> HttpResponse:
    check_kind(request, kind)
    check_right(request.access, right_to_change(kind))
    variants = sorted(variants_of(kind))
    variant = request.GET.get("kind", "")
    if variants and variant not in variants:
        return redirect("govern-kind", kind=kind)
    form = ObjectForm(kind, read_office(served_home()), request.POST or None, variant=variant)
    return _answer(request, form, kind, "")


def _answer(request: OfficeRequest, form: ObjectForm, kind: str, label: str, *, key: str = "") -> HttpResponse:
    """The form; with what is wrong beside each field; or, once it is saved, the object."""
    if request.method == "POST" and form.is_valid():
        try:
            changes = form.save(served_home(), by=request.access.name, at=now())
        except UnreadableInput as error:
            form.add_error(None, f"{error.what} {error.mend}".strip())
        else:
            saved = identity(form._read({kind: form.table if kind == SETTINGS else [form.table]}))
            tell(request, changes)
            return redirect("govern-object", kind=kind, key=saved)
    context = {"form": form, "kind": kind, "name": KIND_NAMES[kind], "label": label, "key": key}
    return render(request, "govern/edit.html", context, status=422 if form.errors else 200)


def tell(request: OfficeRequest, changes: Any) -> None:
    if not changes:
        messages.info(request, _("It stood like that already; nothing was changed."))
        return
    messages.success(request, _("Saved as a new version."))
    if changes.breaks:
        messages.warning(
            request, _("A series breaks here: %s. Charts mark the day.") % ", ".join(changes.breaks).replace(":", " ")
        )


@open_to(*CHANGES)
@require_POST
def archive(request: OfficeRequest, kind: str, key: str) -> HttpResponse:
    """Take one out of use. What else names it is said, and then nothing happens."""
    standing = find_changeable(request, kind, key)
    reason = request.POST.get("reason", "").strip()
    back = reverse("govern-object", kwargs={"kind": kind, "key": key})
    if not reason:
        messages.error(request, _("Say why it goes: somebody will ask."))
        return redirect(f"{back}?{urlencode({'archive': '1'})}")
    if kind == "person" and standing.key == request.access.name:
        raise NotAllowed(_("Nobody takes themselves out of the office."), mend=_("Ask somebody else who may."))
    try:
        actions.archive(served_home(), kind, key, by=request.access.name, at=now(), reason=reason)
    except UnreadableInput as error:
        messages.error(request, _("It is still needed: %s") % error.what)
        return redirect(back)
    messages.success(request, _("Taken out of use. Its versions stay, and it can be put back."))
    return redirect("govern-kind", kind=kind)


@open_to(*CHANGES)
@require_POST
def restore(request: OfficeRequest, kind: str, key: str) -> HttpResponse:
    standing = find_changeable(request, kind, key)
    try:
        actions.put(served_home(), standing.object, by=request.access.name, at=now())
    except UnreadableInput as error:
        messages.error(request, _("It does not fit any more: %s") % error.what)
    return redirect("govern-object", kind=kind, key=key)


def find_standing(request: OfficeRequest, kind: str, key: str) -> store.Standing:
    check_kind(request, kind)
    found = store.read_standings(served_home()).get((kind, key))
    if found is None:
        if kind == SETTINGS:
            return store.Standing(SETTINGS, SETTINGS, 0, read_office(served_home()).settings, False, now(), "", ())
        raise Http404
    return found


def find_changeable(request: OfficeRequest, kind: str, key: str) -> store.Standing:
    """The object, for somebody who may change it."""
    standing = find_standing(request, kind, key)
    check_right(request.access, right_to_change(kind))
    return standing


def check_kind(request: OfficeRequest, kind: str) -> None:
    if kind not in KIND_NAMES:
        raise Http404
    if not sees(request, kind):
        raise NotAllowed(
            _("%s may not see the office's people here.") % request.access.name,
            mend=_("Who holds which role stands under *Who holds which role?*."),
        )


def sees(request: OfficeRequest, kind: str) -> bool:
    return kind not in PERSONAL or request.access.has(*CHANGES, Right.READ_AUDIT, Right.KEEP_SYSTEM)


def right_to_change(kind: str) -> Right:
    return Right.CHANGE_ROLES if kind in GIVING else Right.CHANGE_OFFICE


def may_change(request: OfficeRequest, kind: str) -> bool:
    return request.access.has(right_to_change(kind))


def _plain(item: Any) -> dict[str, Any]:
    from openxmo.office.govern.office import to_builtins

    return {name: to_builtins(value) for name, value in full_table(item).items()}
