"""The accounts room, as Django knows it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "openxmo.office.accounts"
    label = "accounts"
