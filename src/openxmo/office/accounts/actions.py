"""What happens to sign-ins: made, given a new password, signed out. Roles stand in the office's people."""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit, letters
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
        letters.tell_of_change(user, _("you were given a new password."), by=by)
    return given


def make_link(name: str, *, by: str, at: datetime) -> str:
    """An address at which the person sets their password: good once, for a day, and until they sign in."""
    user = find_user(name)
    check_has_password(user)
    audit.record("link to set a password made", by=by, at=at, on=[f"user:{user.pk}"])
    return letters.link_for(user)


def comes_by_provider_alone(user: User) -> bool:
    from allauth.socialaccount.models import SocialAccount

    return not user.has_usable_password() and SocialAccount.objects.filter(user=user).exists()


def check_has_password(user: User) -> None:
    """A password beside the provider would go on working when the person's account there has ended."""
    if comes_by_provider_alone(user):
        raise WrongUsage(
            _("%s signs in at the identity provider, and has no password here.") % user.username,
            mend=_("It is changed there."),
        )


def send_link(name: str, *, by: str, at: datetime) -> None:
    """The same, by letter to the person alone: whoever asks for it never sees it."""
    went: list[bool] = []
    with transaction.atomic():
        link = make_link(name, by=by, at=at)
        letters.send_password_link(find_user(name), link, asked_by=by, at=at, when_done=went.append)
    if False in went:
        raise WrongUsage(
            _("The letter to %s was not taken by the mail server, and nothing has changed.") % name,
            mend=_("Try again, or let whoever runs the machine make a link: `xmo user link NAME`."),
        )


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
        letters.tell_of_change(user, _("your second factor was taken off."), by=by)
    return bool(found)


def forget_provider(name: str, *, by: str, at: datetime) -> bool:
    """For somebody whose account at the identity provider was made anew: the next one of that name is theirs."""
    from allauth.socialaccount.models import SocialAccount

    user = find_user(name)
    with transaction.atomic():
        found, _by_model = SocialAccount.objects.filter(user=user).delete()
        _end(user)
        audit.record("tie to the identity provider taken off", by=by, at=at, on=[f"user:{user.pk}"])
        letters.tell_of_change(user, _("the next account of your name at the identity provider is you."), by=by)
    return bool(found)


def set_email(name: str, email: str, *, by: str, at: datetime) -> None:
    with transaction.atomic():
        user = find_user(name)
        letters.tell_of_change(user, _("letters go to another address from now on."), by=by)
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
