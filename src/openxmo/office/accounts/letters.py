"""Letters about how somebody signs in: the link to set a password, and what others changed."""

from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from openxmo.office.accounts.models import User
from openxmo.office.lib.letters import Told, address_of, send_letter


def reach(user: User) -> bool:
    """Whether a letter comes to this person: without a mail server it would lie in a file that they do not see."""
    return bool(settings.EMAIL_HOST and user.email)


def link_for(user: User) -> str:
    """Signed over the password and the last sign-in: a new password, by the link or not, and a sign-in end it."""
    return address_of(
        "account_reset_password_from_key", user_pk_to_url_str(user), default_token_generator.make_token(user)
    )


def send_password_link(
    user: User, link: str, *, asked_by: str = "", at: datetime, when_done: Told | None = None
) -> None:
    until = timezone.localtime(at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT))
    context = {"name": user.username, "link": link, "asked_by": asked_by, "until": f"{until:%Y-%m-%d %H:%M %Z}"}
    subject = _("Set your password")
    send_letter(user.email, subject, "accounts/letters/password.txt", context, when_done=when_done)


def tell_of_change(user: User, what: str, *, by: str) -> None:
    """Nobody is told of what they did themselves."""
    if reach(user) and by != user.username:
        context = {"name": user.username, "what": what, "by": by}
        send_letter(user.email, _("How you sign in was changed"), "accounts/letters/changed.txt", context)
