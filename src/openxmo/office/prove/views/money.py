"""What have we earned? The ledger; the claim of money; the answer of finance."""

import csv
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openxmo.core.errors import UserError
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.prove import actions, ledger, permissions, policies, queries, wording
from openxmo.office.prove.actions.money import measured_of
from openxmo.office.prove.forms import MoneyForm
from openxmo.office.prove.models import MoneyClaim
from openxmo.office.prove.states import CLAIM_TONES, ClaimState
from openxmo.office.prove.views.frame import attempt, back_to, find
from openxmo.office.ui.components.chart import UNSAFE

ORDER = (ClaimState.CLAIMED, ClaimState.SIGNED, ClaimState.REFUSED, ClaimState.VOID)


@open_to(Right.READ_SCORES)
@require_safe
def ledger_page(request: OfficeRequest) -> HttpResponse:
    found = ledger.read_ledger(request.access, request.office.definitions)
    parts = [
        {
            "state": state,
            "tone": CLAIM_TONES[state],
            "lines": [(line, permissions.can_answer_money(request.access, line.claim)) for line in found.of(state)],
            "sums": found.sums(state),
        }
        for state in ORDER
        if found.of(state)
    ]
    context = {
        "parts": parts,
        "signed": found.sums(ClaimState.SIGNED),
        "claimed": found.sums(ClaimState.CLAIMED),
        "signed_count": len(found.of(ClaimState.SIGNED)),
        "claimed_count": len(found.of(ClaimState.CLAIMED)),
        "by_experience": found.by_experience(),
        "by_ambition": found.by_ambition(),
        "without": [(each, wording.short(verdict), wording.tone(verdict)) for each, verdict in found.without],
        "waiting": [(each, wording.short(verdict), wording.tone(verdict)) for each, verdict in found.waiting],
        "any": bool(parts or found.without or found.waiting),
        "currency": read_office(request.office.home).settings.currency,
    }
    return render(request, "prove/ledger.html", context)


@open_to(Right.READ_SCORES)
@require_safe
def ledger_csv(request: OfficeRequest) -> HttpResponse:
    found = ledger.read_ledger(request.access, request.office.definitions)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    writer = csv.DictWriter(response, ledger.COLUMNS)
    writer.writeheader()
    for record in ledger.to_records(found):
        writer.writerow({name: harmless(value) for name, value in record.items()})
    return response


def harmless(value: Any) -> Any:
    """No cell that a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(UNSAFE) else value


@open_to(Right.RUN_INITIATIVES)
def claim(request: OfficeRequest, pk: int) -> HttpResponse:
    """What the effect was worth: shown before it is sent to finance."""
    found = find(request, pk)
    permissions.check_propose_money(request.access, found)
    verdict = queries.standing_verdict(found)
    policies.check_claimable(verdict)
    assert verdict is not None
    form = MoneyForm(request.POST if request.method == "POST" else None)
    metric, effect = measured_of(verdict)
    context: dict[str, Any] = {
        "initiative": found,
        "verdict": verdict,
        "verdict_words": wording.short(verdict),
        "verdict_tone": wording.tone(verdict),
        "effect": effect,
        "effect_unit": verdict.document["proof"]["effect_unit"],
        "metric_label": request.office.label_of(metric),
        "currency": read_office(request.office.home).settings.currency,
        "form": form,
    }
    if request.method != "POST":
        return render(request, "prove/claim.html", context)
    if not form.is_valid():
        return render(request, "prove/claim.html", context, status=422)
    try:
        if request.POST.get("step") == "check":
            return render(request, "prove/claim.html", context | {"worth": actions.worth_from(verdict, form.terms())})
        actions.claim_money(initiative=found, terms=form.terms(), by=request.access.name, at=now())
    except UserError as problem:
        return render(request, "prove/claim.html", context | {"problem": problem}, status=422)
    return back_to(found, "money")


@open_to(Right.SIGN_MONEY)
@require_POST
def sign(request: OfficeRequest, pk: int) -> HttpResponse:
    found = find_claim(request, pk)
    answer = attempt(
        request,
        found.initiative,
        lambda: actions.sign_money(claim=found, by=request.access.name, at=now()),
        _("Signed. It counts in the ledger."),
        at="money",
    )
    return onward(request, answer)


@open_to(Right.SIGN_MONEY)
@require_POST
def refuse(request: OfficeRequest, pk: int) -> HttpResponse:
    found, reason = find_claim(request, pk), request.POST.get("reason", "")
    answer = attempt(
        request,
        found.initiative,
        lambda: actions.refuse_money(claim=found, reason=reason, by=request.access.name, at=now()),
        _("Refused. Whoever claimed it sees why."),
        at="money",
    )
    return onward(request, answer)


def find_claim(request: OfficeRequest, pk: int) -> MoneyClaim:
    found = MoneyClaim.objects.select_related("initiative", "verdict").filter(pk=pk).first()
    if found is None:
        raise Http404
    permissions.check_see(request.access, found.initiative)
    return found


def onward(request: OfficeRequest, answer: HttpResponse) -> HttpResponse:
    """Back to the ledger for whoever came from there."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted) if safe and wanted == reverse("prove-ledger") else answer
