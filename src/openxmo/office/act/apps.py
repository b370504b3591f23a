"""The act room, as Django knows it."""

from django.apps import AppConfig


class ActConfig(AppConfig):
    name = "openxmo.office.act"
    label = "act"

    def ready(self) -> None:
        from openxmo.office.act import naming
        from openxmo.office.lib import things

        things.register("case", naming.describe_case)
        things.register("problem", naming.describe_problem)
        things.register("recommendation", naming.describe_recommendation)
        things.register("note", naming.describe_note)
