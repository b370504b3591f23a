"""The tables that migrations make are those that the code expects."""

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

ROOMS = [config.label for config in apps.get_app_configs() if config.name.startswith("openxmo.")]


@pytest.fixture(scope="module")
def written() -> MigrationLoader:
    return MigrationLoader(None)  # from the files alone: databases that earlier tests served, or damaged, tell nothing


@pytest.mark.parametrize("room", ROOMS)
def test_no_change_of_a_model_lacks_its_migration(room: str, written: MigrationLoader) -> None:
    found = MigrationAutodetector(written.project_state(), ProjectState.from_apps(apps))
    lacking = found.changes(graph=written.graph, trim_to_apps={room})
    assert [each.operations for each in lacking.get(room, ())] == [], f"run `makemigrations {room}`"


def test_every_room_with_tables_has_one_line_of_migrations(written: MigrationLoader) -> None:
    with_models = {
        config.label for config in apps.get_app_configs() if config.label in ROOMS and any(config.get_models())
    }
    assert with_models <= written.migrated_apps
    assert written.detect_conflicts() == {}
