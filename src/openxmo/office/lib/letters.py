"""Letters: written in a transaction, sent when it has held; one that cannot be sent is told, never lost in silence."""

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

log = logging.getLogger(__name__)
Told = Callable[[bool], None]


def send_letter(
    to: str, subject: str, template: str, context: Mapping[str, Any], *, when_done: Told | None = None
) -> None:
    """Send a plain letter once the transaction around it is committed; `when_done` hears whether it went.

    The address stands in no log: what failed is told by the template's name.
    """
    letter = EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string(template, dict(context)),
        to=[to],
        headers={"Message-ID": f"<{secrets.token_hex(16)}@{urlsplit(settings.SITE_URL).hostname}>"},
    )

    def send() -> None:
        try:
            went = bool(letter.send())
        except OSError as error:  # a mail server that is away, refuses, or cannot be written to
            log.error("a letter (%s) was not sent: %s", template, type(error).__name__)
            went = False
        if when_done is not None:
            when_done(went)

    transaction.on_commit(send)


def address_of(route: str, *args: object) -> str:
    """The full address of a page, for a letter."""
    return f"{settings.SITE_URL}{reverse(route, args=args)}"
