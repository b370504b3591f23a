"""The API against its own description: no status that it does not tell, no answer of another form, no fault of ours."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from openxmo.core.signals.door.importing import drain_inbox, put_batch
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.config.wsgi import application
from openxmo.office.decide.actions import propose_item
from openxmo.office.lib.clock import now
from tests.functional.homes import answers
from tests.spec.signals.door import as_lines

EXAMPLES = 25
WANTED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


@schemathesis.serializer("application/x-ndjson", "application/toml")
def as_it_is(_: Any, value: Any) -> bytes:
    """Made-up text as the body: nearly always rubbish, which must be refused in words."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def described(home: Home, program: Callable[..., Client], settings: Any) -> Any:
    """The schema, called with a key that may do everything, over an office that holds something."""
    settings.OPENXMO_CALLS_PER_MINUTE = 1_000_000
    settings.ALLOWED_HOSTS = ["*"]
    put_batch(home, [as_lines(list(answers([9, 3, 10] * 20, channel="chat")))], source=None, by="api", at=now())
    drain_inbox(Lake.open(home), sources={}, by="worker", at=now())
    propose_item(title="Answer within the hour", by="Lea", at=now())
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    schema.config.update(headers={"Authorization": program().defaults["HTTP_AUTHORIZATION"]})
    return schema


def test_the_api_answers_as_it_says(described: Any) -> None:
    checks = [CHECKS.get_one(name) for name in WANTED]
    faults, asked = [], 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=checks)

        try:
            ask()
        except (Exception, ExceptionGroup) as error:
            faults.append(f"{operation.label}: {error}")
    assert faults == []
    assert asked > EXAMPLES * 10
