"""The decide room, as Django knows it."""

from django.apps import AppConfig


class DecideConfig(AppConfig):
    name = "openxmo.office.decide"
    label = "decide"
