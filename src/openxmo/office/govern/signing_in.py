"""Who may sign in: people who stand in the office. Nobody signs up; a provider's word about who somebody is will do."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest
from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts import audit
from openxmo.office.accounts.models import User
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now


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
            raise refusal(claims.get("preferred_username") or claims.get("email") or sociallogin.account.uid)
        user = User.objects.filter(username=name).first()
        if user is None:
            user = User(username=name, email=claims.get("email") or "", date_joined=now())
            user.set_unusable_password()
            user.save()
            audit.record("sign-in made", by=name, at=now(), on=[f"user:{user.pk}"])
        elif SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
            # A name at a provider can be given to somebody else; its number never is.
            raise refusal(name)
        sociallogin.connect(request, user)


def claims_of(data: dict[str, Any]) -> dict[str, Any]:
    """What the provider tells of the person, wherever the library put it."""
    return {**data.get("id_token", {}), **data.get("userinfo", data)}


def known_as(claims: dict[str, Any]) -> str | None:
    """The office's name for this person: by their user name, else by an address that the provider vouches for."""
    people = {name.casefold(): name for name in people_named()}
    email = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
    for called in (str(claims.get("preferred_username") or ""), email):
        if called and called.casefold() in people:
            return people[called.casefold()]
    found = list(User.objects.filter(email__iexact=email)[:2]) if email else []
    return found[0].username if len(found) == 1 and found[0].username in people.values() else None


def refusal(called: str) -> NotAllowed:
    return NotAllowed(
        _('This office knows nobody called "%s".') % called,
        mend=_("Ask whoever leads the office to add you under that name, or sign in with another account."),
    )
