"""The tables that migrations make are those that the code expects."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

ROOMS = [config.label for config in apps.get_app_configs() if config.name.startswith("openxmo.")]


@pytest.mark.django_db  # the history of migrations is looked up in the database of the tests, not in a home's
@pytest.mark.parametrize("room", ROOMS)
def test_no_change_of_a_model_lacks_its_migration(room: str) -> None:
    said = io.StringIO()
    call_command("makemigrations", room, dry_run=True, stdout=said, stderr=said)
    assert "No changes detected" in said.getvalue(), f"run `makemigrations {room}`:\n{said.getvalue()}"


def test_every_room_with_tables_has_one_line_of_migrations() -> None:
    loader = MigrationLoader(None)
    with_models = {
        config.label for config in apps.get_app_configs() if config.label in ROOMS and any(config.get_models())
    }
    assert with_models <= loader.migrated_apps
    assert loader.detect_conflicts() == {}
