"""The act room, as Django knows it."""

from django.apps import AppConfig


class ActConfig(AppConfig):
    name = "openxmo.office.act"
    label = "act"
