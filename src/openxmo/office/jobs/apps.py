"""The jobs room, as Django knows it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "openxmo.office.jobs"
    label = "jobs"
