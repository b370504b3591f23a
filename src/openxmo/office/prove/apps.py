"""The prove room, as Django knows it."""

from django.apps import AppConfig


class ProveConfig(AppConfig):
    name = "openxmo.office.prove"
    label = "prove"

    def ready(self) -> None:
        from openxmo.office.lib import marks, things
        from openxmo.office.prove.marks import marks_of
        from openxmo.office.prove.things import describe_initiative, describe_money, describe_verdict

        things.register("initiative", describe_initiative)
        things.register("verdict", describe_verdict)
        things.register("money", describe_money)
        marks.register(marks_of)
