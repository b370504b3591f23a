"""Who may sign in: people who stand in the office. Nobody signs up; a provider's word about who somebody is will do."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts import audit, letters
from openxmo.office.accounts.models import User
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.lib.problems import Refused

PROVIDER = "oidc"  # its name in addresses and in the rows that tie people to it
log = logging.getLogger(__name__)


def people_named() -> frozenset[str]:
    """The names of all who stand in the office now."""
    return frozenset(person.name for person in read_office(served_home()).people)


class OfficeBackend(AuthenticationBackend):  # type: ignore[misc]
    """Asked at every request, so that whoever leaves the office is out at once."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and user.get_username() in people_named()

    @classmethod
    def _stash_user(cls, user: Any) -> Any:
        """allauth keeps whoever gave the right password and may not come in, to greet them as inactive: it lets
        everybody in whose row is active. Who left the office is not greeted."""
        return super()._stash_user(user if user is not None and not user.is_active else None)

    def get_user(self, user_id: Any) -> Any:
        user = super().get_user(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """In the office's own words; a mail server that is away is no error page."""
        letters.send_password_link(user, letters.link_for(user), at=now())


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whoever the organisation's identity provider names is let in where the office knows them."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Before a first sign-in the row of a person whom the office names is found or made, and tied to it."""
        if sociallogin.is_existing:
            if sociallogin.user.get_username() not in people_named():
                raise refusal(sociallogin.user.get_username())
            return
        claims = claims_of(sociallogin.account.extra_data)
        name = known_as(claims)
        if name is None:
            raise refusal_of(claims, number=sociallogin.account.uid)
        user = User.objects.filter(username=name).first()
        if user is None:
            user = User(username=name, email=claims.get("email") or "", date_joined=now())
            user.set_unusable_password()
            user.save()
            audit.record("sign-in made", by=name, at=now(), on=[f"user:{user.pk}"])
        elif SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
            # A name at a provider can be given to somebody else; its number never is.
            raise tied(name)
        sociallogin.connect(request, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ARG002
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """In words for the person; what the provider said is for whoever keeps the system, and stands in the log."""
        if exception is not None:
            raise unconfirmed(exception)
        if not (extra_context or {}).get("state"):
            raise Refused(
                400,
                _("This sign-in was not begun in this browser, or too long ago."),
                mend=_("Begin again on the sign-in page."),
            )
        if error != AuthError.CANCELLED:
            log.error("the identity provider refused somebody: %r", request.GET.get("error", "")[:100])
        raise NotAllowed(
            _("You were not let in by %s.") % settings.OIDC_NAME,
            mend=_("Try again, or ask whoever keeps the accounts there."),
        )


def claims_of(data: dict[str, Any]) -> dict[str, Any]:
    """What the provider tells of the person, wherever the library put it."""
    return {**data.get("id_token", {}), **data.get("userinfo", data)}


def known_as(claims: dict[str, Any]) -> str | None:
    """The office's name for this person: by their user name, else by an address that the provider vouches for."""
    people = {name.casefold(): name for name in people_named()}
    email = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
    called = "" if is_unverified_address(claims) else str(claims.get("preferred_username") or "")
    for one in (called, email):
        if one and one.casefold() in people:
            return people[one.casefold()]
    found = list(User.objects.filter(email__iexact=email)[:2]) if email else []
    return found[0].username if len(found) == 1 and found[0].username in people.values() else None


def is_unverified_address(claims: dict[str, Any]) -> bool:
    """Whether the user name is an address of which the provider says that it has not verified it.

    Anybody could have registered there with it, and would come in as the person of the office whom it names.
    """
    called = str(claims.get("preferred_username") or "")
    unsure = claims.get("email_verified") not in (None, True)
    return unsure and "@" in called


def refusal_of(claims: dict[str, Any], *, number: str) -> NotAllowed:
    called = claims.get("preferred_username") or claims.get("email") or number
    if is_unverified_address(claims):
        return NotAllowed(
            _('The address "%(called)s" is not verified at %(provider)s.')
            % {"provider": settings.OIDC_NAME, "called": called},
            mend=_("Verify it there, then sign in again."),
        )
    return refusal(called)


def refusal(called: str) -> NotAllowed:
    return NotAllowed(
        _('This office knows nobody called "%s".') % called,
        mend=_("Ask whoever leads the office to add you under that name, or sign in with another account."),
    )


def tied(name: str) -> NotAllowed:
    return NotAllowed(
        _('"%(name)s" belongs to another account at %(provider)s.') % {"name": name, "provider": settings.OIDC_NAME},
        mend=_("If it is yours as well, ask whoever keeps the system to untie your sign-in from the old one."),
    )


def unconfirmed(error: Exception) -> Refused:
    """A wrong secret, an answer that cannot be read: nothing that the person can mend."""
    log.error("the identity provider did not confirm a sign-in: %s: %s", type(error).__name__, str(error)[:300])
    return Refused(
        502,
        _("Your sign-in could not be confirmed by %s.") % settings.OIDC_NAME,
        mend=_("It is written down for whoever keeps the system. If you have a password, sign in with it."),
    )


def away(error: Exception) -> Refused:
    log.error("the identity provider does not answer as it should: %s: %s", type(error).__name__, str(error)[:300])
    return Refused(
        503,
        _("There is no answer from %s now.") % settings.OIDC_NAME,
        mend=_("Try again in a minute. If you have a password, sign in with it."),
    )
