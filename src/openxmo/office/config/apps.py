"""The settings' own part in Django: the checks of what was set."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "openxmo.office.config"
    label = "config"

    def ready(self) -> None:
        from openxmo.office.config import checks  # noqa: F401
