"""The forms of signing in where the office says more than the library: who may be sent a link, and whom to ask else."""

from typing import Any

from allauth.account import forms as library
from django.conf import settings
from django.utils.translation import gettext as _

from openxmo.office.accounts.actions import comes_by_provider_alone
from openxmo.office.accounts.models import User
from openxmo.office.govern.signing_in import people_named


class LoginForm(library.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if not settings.EMAIL_HOST:  # no link could be sent
            self.fields["password"].help_text = _("Forgotten? Whoever keeps the system gives you a new one.")


class ForgottenForm(library.ResetPasswordForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        """Who left the office, or comes by the identity provider alone, gets no password by a letter."""
        email: str = super().clean_email()
        people, found = people_named(), self.users
        self.users: list[User] = [
            user for user in found if user.username in people and not comes_by_provider_alone(user)
        ]
        return email
