"""The listen room, as Django knows it."""

from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "openxmo.office.listen"
    label = "listen"

    def ready(self) -> None:
        from openxmo.office.lib import things
        from openxmo.office.listen.naming import describe_file, describe_opening, describe_receipt

        things.register("receipt", describe_receipt)
        things.register("opening", describe_opening)
        things.register("import", describe_file)
