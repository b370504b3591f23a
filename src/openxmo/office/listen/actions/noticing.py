"""What an employee noticed, as a signal: protected as everything an employee says."""

import secrets
from datetime import datetime

from django.db import transaction

from openxmo.core.privacy.pseudonyms import pseudonym
from openxmo.core.privacy.redaction import redact
from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.accounts.access import Access
from openxmo.office.listen.heard import as_lines
from openxmo.office.listen.models import Notice

SOURCE = "noticed"


@transaction.atomic
def notice(
    home: Home,
    access: Access,
    *,
    text: str,
    about: str,
    stage: str,
    unit: str,
    secret: bytes,
    at: datetime,
    readable: bool = False,
) -> str:
    """Keep what somebody noticed; returns the key of the signal. `about` is `kind:id` or empty.

    With `readable` whoever keeps the backlog may read it, masked and without the name.

    Kind X, for a person says it; basis observed, for nobody asked them and they saw it themselves. The
    subject is the agent's key where the person has one, else a key that only this office can make.
    """
    key = f"noticed-{secrets.token_hex(8)}"
    row = {
        "id": key,
        "source": SOURCE,
        "happened_at": at.isoformat(),
        "kind": "X",
        "name": "noticed",
        "basis": "observed",
        "text": text,
        "subject": subject_of(access.name, access.agent, secret),
        "subject_kind": "employee",
        **({"about": about} if about else {}),
        **({"stage": stage} if stage else {}),
        **({"unit": unit} if unit else {}),
        **({"team": access.team} if access.team else {}),
    }
    if readable:
        Notice.objects.create(
            signal=key,
            text=redact(text),
            about=redact(about),
            stage=stage,
            unit=unit,
            subject=row["subject"],
            noticed_at=at,
        )
    put_batch(home, as_lines([row]), source=None, by=access.name, at=at)
    audit.record("noticed something", by=access.name, at=at)
    return key


def subject_of(name: str, agent: str | None, secret: bytes) -> str:
    """The key of who noticed something; without an agent's key, one that only this office can make."""
    return agent or f"person-{pseudonym(name, secret)}"
