"""The understand room, as Django knows it."""

from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "openxmo.office.understand"
    label = "understand"
