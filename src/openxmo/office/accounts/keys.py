"""Keys of programs: made once and shown once, found by their hash, revoked but never deleted."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.models import ApiKey
from openxmo.office.accounts.roles import Right

PREFIX = "xmo_"
BETWEEN_NOTES = timedelta(minutes=1)  # a key's last use is written at most so often

# What a key may be used for; a key that acts as a person also needs that person's right.
SCOPES: dict[str, tuple[str | Promise, Right | None]] = {
    "signals:write": (gettext_lazy("send signals, and read their imports"), Right.IMPORT_SIGNALS),
    "questions:read": (gettext_lazy("ask questions: scores, explanations, gaps, verdicts"), Right.READ_SCORES),
    "answers:read": (
        gettext_lazy("read single answers, contacts and what one person has been through"),
        Right.READ_ANSWERS,
    ),
    "metrics:read": (gettext_lazy("read what is measured"), Right.READ_SCORES),
    "metrics:write": (gettext_lazy("change what is measured"), Right.CHANGE_OFFICE),
    "roles:write": (gettext_lazy("give people their roles and units, in an office file"), Right.CHANGE_ROLES),
    "cases:read": (gettext_lazy("read cases and their clocks"), Right.READ_CASES),
    "cases:write": (gettext_lazy("work cases"), Right.WORK_CASES),
    "backlog:read": (gettext_lazy("read the backlog"), Right.READ_SCORES),
    "backlog:write": (gettext_lazy("add to the backlog and estimate"), Right.KEEP_BACKLOG),
    "initiatives:read": (gettext_lazy("read initiatives and verdicts"), Right.READ_SCORES),
    "initiatives:write": (gettext_lazy("plan initiatives"), Right.RUN_INITIATIVES),
    "recommendations:read": (gettext_lazy("read recommendations"), Right.READ_SCORES),
    "recommendations:write": (gettext_lazy("recommend, and answer recommendations"), Right.ANSWER_RECOMMENDATIONS),
}
ALSO = {"recommendations:write": (Right.RECOMMEND,)}  # either who asks or who answers; the deed itself looks which


def rights_for(scope: str) -> frozenset[Right]:
    """One of these a person needs to use a key for this; none are needed where it is empty."""
    return frozenset({SCOPES[scope][1], *ALSO.get(scope, ())} - {None})


def scopes_of(maker: Access) -> tuple[str, ...]:
    """What a key of this person may be used for: nothing that they may not do themselves."""
    return tuple(scope for scope in SCOPES if not rights_for(scope) or maker.has(*rights_for(scope)))


def add_key(
    name: str, *, scopes: Iterable[str], acts_as: str | None = None, maker: Access | None = None, by: str, at: datetime
) -> tuple[ApiKey, str]:
    """A new key and what it reads; that is told this once and kept nowhere.

    A `maker` gets no key that does more than they may, nor one that acts as somebody else; without one
    the operator makes it, who may do everything.
    """
    wanted = sorted(set(scopes))
    check_scopes(wanted)
    if maker is not None:
        check_maker(maker, wanted, acts_as)
        acts_as = maker.name
    if not name.strip():
        raise WrongUsage(_("The key has no name."), mend=_("Name it after the program that will use it."))
    presented = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            key = ApiKey.objects.create(
                name=name.strip(), digest=_digest(presented), scopes=wanted, acts_as=acts_as, made_at=at, made_by=by
            )
            audit.record("key made", by=by, at=at, on=[f"key:{key.pk}"])
    except IntegrityError:
        raise WrongUsage(
            _('There is a key called "%s" already.') % name.strip(), mend=_("Revoke it first, or choose another name.")
        ) from None
    return key, presented


def check_maker(maker: Access, scopes: Iterable[str], acts_as: str | None) -> None:
    """NotAllowed where the key would reach further than whoever makes it, and is shown it."""
    if acts_as not in (None, maker.name):
        raise NotAllowed(
            _("A key acts as whoever makes it, and %s is somebody else.") % acts_as,
            mend=_("Let them make it themselves, or make it as the operator: `xmo key add NAME --acts-as USER`."),
        )
    for scope in scopes:
        if scope not in scopes_of(maker):
            raise NotAllowed(
                _("%(name)s may not %(deed)s, so no key of theirs may.")
                % {"name": maker.name, "deed": SCOPES[scope][0]},
                mend=_("Let somebody make it who may, or make it as the operator: `xmo key add NAME --scope %s`.")
                % scope,
            )


def check_scopes(scopes: Iterable[str]) -> None:
    given = list(scopes)
    if not given:
        raise WrongUsage(_("The key may do nothing."), mend=_("Give it a scope: %s.") % ", ".join(SCOPES))
    for scope in given:
        if scope not in SCOPES:
            raise WrongUsage(_('There is no scope "%s".') % scope, mend=_("These are: %s.") % ", ".join(SCOPES))


def find_key(presented: str, *, at: datetime | None = None) -> ApiKey | None:
    """The key that reads so and is not revoked; `at` notes that it was used then."""
    if not presented.startswith(PREFIX):
        return None
    key = ApiKey.objects.filter(digest=_digest(presented), revoked_at=None).first()
    if key is not None and at is not None and (key.last_used_at is None or at - key.last_used_at >= BETWEEN_NOTES):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def revoke_key(name: str, *, by: str, at: datetime) -> ApiKey:
    """End a key now. What it did stays in the audit."""
    with transaction.atomic():
        key = ApiKey.objects.filter(name=name, revoked_at=None).first()
        if key is None:
            raise WrongUsage(_('There is no key called "%s" in use.') % name, mend=_("`xmo key list` shows the keys."))
        key.revoked_at, key.revoked_by = at, by
        key.save(update_fields=["revoked_at", "revoked_by"])
        audit.record("key revoked", by=by, at=at, on=[f"key:{key.pk}"])
    return key


def _digest(presented: str) -> str:
    return sha256(presented.encode()).hexdigest()  # of 256 random bits: nothing to guess, so nothing to slow down
