"""The server's entry: `granian --interface wsgi openxmo.office.config.wsgi:application`."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openxmo.office.config.settings")
pages = get_wsgi_application()

from openxmo.office.config import serving  # noqa: E402  (what follows needs Django)
from openxmo.office.config.posting import is_posting, post_signals  # noqa: E402

serving.begin()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Signals take the short way, everything else the way of pages."""
    if is_posting(environ):
        return post_signals(environ, start_response)
    return pages(environ, start_response)
