"""The prove room, as Django knows it."""

from django.apps import AppConfig


class ProveConfig(AppConfig):
    name = "openxmo.office.prove"
    label = "prove"
