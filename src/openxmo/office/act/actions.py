"""What people do to a case. Whoever calls has checked the person (`permissions`); the state is checked here."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.act import policies
from openxmo.office.act.addresses import find_address
from openxmo.office.act.causes import look_for_problem
from openxmo.office.act.clocks import running_clock
from openxmo.office.act.links import CONFIRM, sign
from openxmo.office.act.models import Case, Cause, ConversationEntry
from openxmo.office.act.states import OPEN_CASES
from openxmo.office.act.steps import held, make
from openxmo.office.lib.letters import address_of, send_letter

LONGEST_WORDS = 8000
TO_CUSTOMER = frozenset({"letter", "call", "chat"})


@transaction.atomic
def take_case(*, case: Case, by: str, at: datetime) -> Case:
    """Say "I am on it". The first wins; whoever comes second is told who has it."""
    free = Case.objects.filter(Q(taken_by="") | Q(taken_by=by), pk=case.pk, state__in=OPEN_CASES)
    if not free.update(taken_by=by, taken_at=at, owner=by):
        found = Case.objects.get(pk=case.pk)
        if not policies.is_open(found):
            raise WrongUsage(_("This case is closed."), where=found.name)
        raise WrongUsage(
            _("%(name)s has this case.") % {"name": found.taken_by},
            where=found.name,
            mend=_("Take the next one, or ask for it: a lead can give it to you."),
        )
    audit.record("case taken", by=by, at=at, on=[case.name])
    return Case.objects.get(pk=case.pk)


@transaction.atomic
def assign_cases(*, cases: list[Case], to: str, by: str, at: datetime) -> int:
    """Give open cases to somebody, or with nobody named back into the team's queue."""
    open_ones = Case.objects.filter(pk__in=[case.pk for case in cases], state__in=OPEN_CASES)
    names = [case.name for case in open_ones]
    count = open_ones.update(owner=to, taken_by="", taken_at=None)
    audit.record("cases assigned", by=by, at=at, on=names)
    return count


@transaction.atomic
def reply(*, case: Case, way: str, words: str, by: str, at: datetime) -> ConversationEntry:
    """Something said to the customer: a letter is sent to the address they left, a call or chat is noted down.

    The first one answers the case, whoever has not taken it takes it; a later one is the update of a complaint.
    """
    if way not in TO_CUSTOMER:
        raise WrongUsage(_("A customer is answered by e-mail, call or chat."))
    case = held(case)
    if not policies.is_open(case):
        raise WrongUsage(_("This case is closed."), where=case.name, mend=_("Reopen it to go on."))
    address = find_address(case.response) if way == "letter" else ""
    if way == "letter" and not address:
        raise WrongUsage(
            _("No address was left with this answer."), where=case.name, mend=_("Call, and note down what was said.")
        )
    entry = add_entry(case, way=way, words=words, by=by, at=at)
    if not case.taken_by:
        case.taken_by, case.taken_at, case.owner = by, at, by
    if policies.can_step(case, "answer"):
        if case.first_reply_at is None:
            case.first_reply_at, case.first_reply_by = at, by
        make(case, "answer", by=by, at=at)
    else:
        case.updated_at = at
        case.due_at = running_clock(case)
        case.save()
        case.escalations.filter(clock="update", told_at__isnull=True).update(called_off_at=at)
        audit.record("case replied to again", by=by, at=at, on=[case.name])
    if address:
        send_reply(case, entry, address)
    return entry


def send_reply(case: Case, entry: ConversationEntry, address: str) -> None:
    ConversationEntry.objects.filter(pk=entry.pk).update(delivery=ConversationEntry.Delivery.WAITING)

    def note_down(went: bool) -> None:
        delivery = ConversationEntry.Delivery.SENT if went else ConversationEntry.Delivery.FAILED
        ConversationEntry.objects.filter(pk=entry.pk).update(delivery=delivery)

    send_letter(
        address,
        _("Your answer to our survey"),
        "act/letters/reply.txt",
        {"words": entry.words, "case": case},
        when_done=note_down,
    )


@transaction.atomic
def note(*, case: Case, words: str, by: str, at: datetime) -> ConversationEntry:
    """A word among ourselves; the customer never sees it."""
    entry = add_entry(case, way="note", words=words, by=by, at=at)
    audit.record("case note added", by=by, at=at, on=[case.name])
    return entry


def add_entry(case: Case, *, way: str, words: str, by: str, at: datetime) -> ConversationEntry:
    clean = words.strip()
    if not clean:
        raise WrongUsage(_("There are no words to keep."), where=case.name, mend=_("Write what was said."))
    return ConversationEntry.objects.create(case=case, way=way, words=clean[:LONGEST_WORDS], said_at=at, said_by=by)


@transaction.atomic
def name_cause(*, case: Case, cause: Cause, severe: bool, by: str, at: datetime) -> Case:
    """Why it happened, in a word of the vocabulary. The same cause often enough becomes a problem."""
    if cause.archived_at is not None:
        raise WrongUsage(_("This cause is no longer in use."), where=cause.label, mend=_("Choose another."))
    case = held(case)
    case.cause, case.cause_at, case.cause_by = cause, at, by
    case.severe = severe or case.sort == Case.Sort.HARM
    case.save()
    audit.record("case cause named", by=by, at=at, on=[case.name])
    case.problem = look_for_problem(case, by=by, at=at) or case.problem
    return case


@transaction.atomic
def resolve(*, case: Case, by: str, at: datetime) -> Case:
    """Say that it is done, and ask the customer whether it is. It takes a cause: without one nothing is learned."""
    case = held(case)
    policies.check_step(case, "resolve")
    if case.cause_id is None:
        raise WrongUsage(
            _("This case has no root cause yet."), where=case.name, mend=_("Name the cause, then resolve it.")
        )
    case.resolved_at, case.resolved_by = at, by
    make(case, "resolve", by=by, at=at)
    address = find_address(case.response)
    if address:
        context = {"case": case, "link": confirmation_link(case)}
        send_letter(address, _("Did this help?"), "act/letters/confirm.txt", context)
    return case


def confirmation_link(case: Case) -> str:
    """Where the customer says whether it helped; also to be read out or sent by hand."""
    return address_of("act-confirm", sign(CONFIRM, case=case.pk, round=case.rounds))


@transaction.atomic
def reopen(*, case: Case, by: str, at: datetime, reply_due_at: datetime, within: bool) -> Case:
    """It was not done. `within` the rule's days it counts as not recovered, whatever comes later."""
    case = held(case)
    case.reopened_at, case.rounds = at, case.rounds + 1
    if within:
        case.outcome = Case.Outcome.NOT_RECOVERED
    case.first_reply_due_at, case.due_at = reply_due_at, reply_due_at
    make(case, "reopen", by=by, at=at)
    return case


@transaction.atomic
def give_up(*, case: Case, why: str, by: str, at: datetime) -> Case:
    """Close a case that could not be mended, and say why."""
    return close(case, "give_up", why=why, outcome=Case.Outcome.NOT_RECOVERED, by=by, at=at)


@transaction.atomic
def dismiss(*, case: Case, why: str, by: str, at: datetime) -> Case:
    """Close a case that is none: opened by mistake, a test, the same as another."""
    return close(case, "dismiss", why=why, outcome="", by=by, at=at)


def close(case: Case, deed: str, *, why: str, outcome: str, by: str, at: datetime) -> Case:
    if not why.strip():
        raise WrongUsage(_("Say why."), where=case.name, mend=_("The reason is kept with the case."))
    case = held(case)
    case.closed_at, case.closed_by, case.closed_why, case.outcome = at, by, why.strip(), outcome or case.outcome
    make(case, deed, by=by, at=at)
    return case
