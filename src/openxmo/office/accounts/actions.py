"""What happens to sign-ins: made, given a new password, signed out. Roles stand in the office's people."""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.accounts.models import User

WORDS_IN_PASSWORD = 20  # characters of a password that we make


def make_password() -> str:
    """A one-time password: nobody has to remember it."""
    return secrets.token_urlsafe(WORDS_IN_PASSWORD)[:WORDS_IN_PASSWORD]


def make_user(name: str, *, email: str = "", password: str | None = None, by: str, at: datetime) -> tuple[User, str]:
    """A sign-in for a person of the office; the password that was made or given is returned this once."""
    if User.objects.filter(username__iexact=name).exists():
        raise WrongUsage(_('"%s" can sign in already.') % name, mend=_("Give them a new password instead."))
    given = password or make_password()
    user = User(username=name, email=email, date_joined=at)
    _check_password(given, user)
    user.set_password(given)
    with transaction.atomic():
        user.save()
        audit.record("sign-in made", by=by, at=at, on=[f"user:{user.pk}"])
    return user, given


def find_user(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise WrongUsage(_('"%s" has no sign-in.') % name, mend=_("Make one first."))
    return user


def reset_password(name: str, *, password: str | None = None, by: str, at: datetime) -> str:
    """A new password; whoever is signed in with the old one is signed out."""
    user = find_user(name)
    given = password or make_password()
    _check_password(given, user)
    with transaction.atomic():
        user.set_password(given)
        user.save(update_fields=["password"])
        _end(user)
        audit.record("password reset", by=by, at=at, on=[f"user:{user.pk}"])
    return given


def end_sessions(name: str, *, by: str, at: datetime) -> int:
    """Sign a person out everywhere; returns from how many browsers."""
    user = find_user(name)
    with transaction.atomic():
        ended = _end(user)
        audit.record("sessions ended", by=by, at=at, on=[f"user:{user.pk}"])
    return ended


def forget_second_factor(name: str, *, by: str, at: datetime) -> bool:
    """For somebody who lost their device: they sign in with the password alone and set a new one up."""
    from allauth.mfa.models import Authenticator

    user = find_user(name)
    with transaction.atomic():
        found, _by_model = Authenticator.objects.filter(user=user).delete()
        _end(user)
        audit.record("second factor taken off", by=by, at=at, on=[f"user:{user.pk}"])
    return bool(found)


def set_email(name: str, email: str, *, by: str, at: datetime) -> None:
    with transaction.atomic():
        user = find_user(name)
        user.email = email
        user.save(update_fields=["email"])
        audit.record("e-mail changed", by=by, at=at, on=[f"user:{user.pk}"])


def sessions_of(user: User) -> list[Session]:
    """The browsers in which this person is signed in. A session says whose it is only inside."""
    return [one for one in Session.objects.all() if one.get_decoded().get("_auth_user_id") == str(user.pk)]


def _end(user: User) -> int:
    keys = [one.session_key for one in sessions_of(user)]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _check_password(given: str, user: User) -> None:
    try:
        validate_password(given, user)
    except ValidationError as error:
        raise WrongUsage(" ".join(error.messages), mend=_("Choose another password.")) from None
