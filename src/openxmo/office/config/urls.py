"""The addresses of all pages: a room's stand in its own `urls.py`."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from openxmo.office.accounts.middleware import CLOSED, FOREIGN
from openxmo.office.config.api import api_urls
from openxmo.office.govern.views import provider
from openxmo.office.lib.entry import Entry

FOREIGN["allauth.account"] = Entry("all", why="signing in and out, and one's own password")
FOREIGN["allauth.mfa"] = Entry("all", why="allauth asks for the person itself: a second factor")
FOREIGN["allauth.socialaccount"] = Entry("all", why="signing in through the organisation's own identity provider")
FOREIGN["django.views.generic.base"] = Entry("all", why="old addresses of allauth, which only lead on to the new ones")
# Who stands in the office, and under which address letters reach them, is the office's to say.
CLOSED.update({"account_signup", "account_email", "account_email_verification_sent", "account_confirm_email"})
CLOSED.update({"account_confirm_login_code", "socialaccount_signup", "socialaccount_connections"})

ROOMS = ("ui", "accounts", "govern", "listen", "understand", "decide", "act", "prove", "portability", "home")

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include((api_urls(), "ninja"), namespace="api-1")),
    path("accounts/oidc/oidc/login/", provider.begin, name="provider-begin"),
    path("accounts/oidc/oidc/login/callback/", provider.come_back, name="provider-come-back"),
    path("accounts/password/set/", provider.no_password, name="no-password"),
    path("accounts/", include("allauth.urls")),
    *(
        path("" if room == "home" else f"{room}/", include(f"openxmo.office.{room}.urls"))
        for room in ROOMS
        if find_spec(f"openxmo.office.{room}.urls")
    ),
]
