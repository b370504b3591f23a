"""The understand room, as Django knows it."""

from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "openxmo.office.understand"
    label = "understand"

    def ready(self) -> None:
        from openxmo.office.lib import things
        from openxmo.office.understand.findings import describe_finding
        from openxmo.office.understand.naming import describe_metric

        things.register("finding", describe_finding)
        things.register("metric", describe_metric)
