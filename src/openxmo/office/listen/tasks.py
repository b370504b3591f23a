"""What the worker does for this room."""

from django_tasks import task

from openxmo.office.govern.middleware import served_home
from openxmo.office.lib.clock import now
from openxmo.office.listen.actions.storing import carry_out


@task()
def run_import(key: int) -> str:
    """Store a file that was sent in the browser; returns its state in the end."""
    record = carry_out(served_home(), key, at=now())
    return record.state if record else ""
