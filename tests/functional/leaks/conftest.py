"""One office for all tests of this folder, and everybody signed in to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from openxmo.core.metrics.metric import Dimension
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.govern.organisation import AgentDisclosure
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.understand.tests.heard import MOOD, hear
from tests.functional.leaks.told import Clients, customers, employees, msgspec_replace
from tests.functional.stocked import served_for_long, sign_everybody_in


@pytest.fixture(scope="package")
def heard(office_as_made: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Home]:  # noqa: ARG001
    """The office of these tests: customers about agents, employees about their work."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("leaks") / "served"
        patched.setattr(settings, "OPENXMO_HOME", folder)
        with served_for_long(office_as_made, folder, settings) as home:
            cut = Dimension(key="staff_site", label="Site of the staff", column="site", employees=True)
            put(home, MOOD, cut, Dimension(key="served_by", column="agent"), by="operator", at=now())
            hear(home, *customers(), *employees())
            yield home


@pytest.fixture(autouse=True)
def nothing_shown_before(heard: Home) -> None:
    """What earlier tests were shown would be withheld in another way, whatever their order."""
    shutil.rmtree(heard.releases, ignore_errors=True)


@pytest.fixture(scope="package")
def everybody(heard: Home) -> Clients:  # noqa: ARG001
    return sign_everybody_in()


@pytest.fixture
def recorded(heard: Home) -> Home:
    """The office says why numbers may be cut by agent, on which ground, and who was heard."""
    said = AgentDisclosure(purpose="coaching", legal_basis="agreement", consultation="works council")
    office = read_office(heard)
    put(heard, msgspec_replace(office.settings, agent_disclosure=said), by="operator", at=now())
    return heard
