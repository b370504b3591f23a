"""The listen room, as Django knows it."""

from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "openxmo.office.listen"
    label = "listen"
