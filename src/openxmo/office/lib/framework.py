"""Starting the people's side in this process: which home it serves, then Django."""

import os
from pathlib import Path

from openxmo.core.errors import WrongUsage

SETTINGS = "openxmo.office.config.settings"


def set_up(home: Path) -> None:
    """Make Django ready, with the office in this folder as the one served; later calls in a process change nothing."""
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ["OPENXMO_HOME"] = str(home.absolute())
    # A notebook runs its cells inside an event loop; there Django would refuse all of its database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise WrongUsage(f"A setting is wrong: {error}", mend="docs/reference/settings.md lists them.") from None
