"""The govern room, as Django knows it."""

from django.apps import AppConfig


class GovernConfig(AppConfig):
    name = "openxmo.office.govern"
    label = "govern"

    def ready(self) -> None:
        from openxmo.office.govern.trail import find_earlier, find_later
        from openxmo.office.ui.components.trail import found_by

        found_by(find_earlier, find_later)
