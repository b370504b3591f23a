"""The understand room, as Django knows it."""

from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "openxmo.office.understand"
    label = "understand"

    def ready(self) -> None:
        from openxmo.office.lib import things
        from openxmo.office.understand.findings import describe_finding

        things.register("finding", describe_finding)
