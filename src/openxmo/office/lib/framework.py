"""Starting the people's side in this process: which home it serves, then Django."""

import os
from pathlib import Path

SETTINGS = "openxmo.office.config.settings"


def set_up(home: Path) -> None:
    """Make Django ready for the office in this folder; the second call in a process changes nothing."""
    import django
    from django.apps import apps

    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ.setdefault("OPENXMO_HOME", str(home.absolute()))
    django.setup()
