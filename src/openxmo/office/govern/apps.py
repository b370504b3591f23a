"""The govern room, as Django knows it."""

from django.apps import AppConfig


class GovernConfig(AppConfig):
    name = "openxmo.office.govern"
    label = "govern"
