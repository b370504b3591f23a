"""How the things of this room are called on the pages of others."""

from django.urls import reverse
from django.utils.translation import gettext

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.middleware import served_home
from openxmo.office.lib.things import Thing, shown_if
from openxmo.office.listen.models import FileImport, Opening
from openxmo.office.listen.permissions import ASKING
from openxmo.office.listen.queries.imports import find_import
from openxmo.office.listen.states import LABELS, ImportState
from openxmo.office.listen.visibility import files_for, openings_for


def describe_receipt(key: str, access: Access) -> Thing | None:
    row = find_import(served_home(), key)
    if row is None:
        return None
    label = gettext("%(n)s signals from %(source)s") % {
        "n": row.receipt.accepted,
        "source": row.receipt.source or gettext("several sources"),
    }
    state = gettext("undone") if row.withdrawn_by else ""
    thing = Thing(f"receipt:{key}", gettext("Import"), label, reverse("listen:import", args=[key]), state)
    return shown_if(access.has(Right.IMPORT_SIGNALS), thing)


def describe_opening(key: str, access: Access) -> Thing | None:
    found = Opening.objects.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    state = gettext("closed") if found.closed_at else ""
    thing = Thing(f"opening:{key}", gettext("Survey"), str(found), reverse("listen:opening", args=[found.pk]), state)
    seen = access.has(*ASKING, Right.EXCLUDE_ANSWERS) and openings_for(access).filter(pk=found.pk).exists()
    return shown_if(seen, thing)


def describe_file(key: str, access: Access) -> Thing | None:
    found = FileImport.objects.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    state = str(LABELS[ImportState(found.state)])
    thing = Thing(f"import:{key}", gettext("Import"), found.name, reverse("listen:file", args=[found.pk]), state)
    return shown_if(access.has(*ASKING) and files_for(access).filter(pk=found.pk).exists(), thing)
