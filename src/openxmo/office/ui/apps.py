"""The ui room, as Django knows it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

from openxmo.office.ui import assets


class UiConfig(AppConfig):
    name = "openxmo.office.ui"
    label = "ui"

    def ready(self) -> None:
        register(check_assets)


def check_assets(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Pages without their style and script work, and look broken."""
    if assets.are_built():
        return []
    return [Warning("The style and script of the pages are not built.", hint="Run `make setup`.", id="ui.W001")]
