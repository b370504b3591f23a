"""All rows of the sample office, in the order in which they came about."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openxmo.core.signals.store.home import Home


def make_rows(home: "Home", *, moment: datetime, planted: bool) -> None:
    """Sign-ins, backlog, what was asked of others, initiatives with their verdicts, the ledger, what was told.

    Nothing is written to anybody: what happened in the past sent its letters then. The twin without
    anything planted has the same people and the same items, and nothing that was found.
    """
    from django.test.utils import override_settings

    from openxmo.cli.story.rows import asked, backlog, initiatives, people

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        people.add_sign_ins(home, moment=moment)
        items = backlog.fill_backlog(home, moment=moment)
        if planted:
            sent = asked.ask_others(home, items, moment=moment)
            initiatives.run_initiatives(items, sent, moment=moment)
            asked.tell_customers(items, moment=moment)
