"""Signing in at the organisation's identity provider: the way there, the way back, and what is told when it is cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect import views as library
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from requests import RequestException

from openxmo.core.errors import WrongUsage
from openxmo.office.govern.signing_in import PROVIDER, away
from openxmo.office.lib.entry import open_to_all

WHY = "signing in through the organisation's own identity provider"


class ProviderAdapter(library.OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    @property
    def openid_config(self) -> dict[str, Any]:
        """A provider that does not say how a program proves itself means HTTP Basic (Discovery 1.0, section 3)."""
        config: dict[str, Any] = super().openid_config
        config.setdefault("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return config

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        """Without that address all that the provider tells stands in the token."""
        told: dict[str, Any] = (
            super()._fetch_user_info(access_token) if "userinfo_endpoint" in self.openid_config else {}
        )
        return told


@open_to_all(why=WHY)
def begin(request: HttpRequest) -> HttpResponse:
    with told_in_words():
        answer: HttpResponse = library.login(request, PROVIDER)
    return answer


@open_to_all(why=WHY)
def come_back(request: HttpRequest) -> HttpResponse:
    with told_in_words():
        answer: HttpResponse = OAuth2CallbackView.adapter_view(ProviderAdapter(request, PROVIDER))(request)
    return answer


@open_to_all(why="it only tells that there is no password here")
def no_password(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Only who was let in by the provider has none; one made here would outlive their account there."""
    raise WrongUsage(
        _("You sign in with %s, and have no password here.") % settings.OIDC_NAME, mend=_("Change it there.")
    )


@contextmanager
def told_in_words() -> Iterator[None]:
    """The library asks the provider for its addresses where it expects no fault."""
    try:
        yield
    except (RequestException, KeyError) as error:
        raise away(error) from error
    except (SocialApp.DoesNotExist, Http404):
        raise WrongUsage(
            _("No identity provider is named in this office's settings."), mend=_("Sign in with your password.")
        ) from None
