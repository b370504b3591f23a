"""Links for people who do not sign in: signed, of one purpose, for one thing, for a time."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed

CONFIRM, ANSWER = "act.confirm", "act.answer"
LIVES = {CONFIRM: timedelta(days=30), ANSWER: timedelta(days=45)}


def sign(purpose: str, **facts: Any) -> str:
    return signing.dumps(facts, salt=purpose, compress=True)


def read(purpose: str, token: str) -> dict[str, Any]:
    """What was signed. `NotAllowed`, in words for whoever holds the link, where it is too old or not ours."""
    try:
        facts: dict[str, Any] = signing.loads(token, salt=purpose, max_age=LIVES[purpose])
    except signing.SignatureExpired:
        raise NotAllowed(_("This link has run out."), mend=_("Ask whoever sent it for a new one.")) from None
    except signing.BadSignature:
        raise NotAllowed(_("This link is not whole."), mend=_("Copy all of it from the letter.")) from None
    return facts
