"""Every Monday: the week in three sentences, to whoever leads the office and to executives, with their own rights."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from openxmo.core.errors import UserError
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.models import User
from openxmo.office.govern.queries import access_of, read_office
from openxmo.office.govern.session import Session
from openxmo.office.home.sentences import three_sentences
from openxmo.office.lib.letters import send_letter

READERS = frozenset({"xmo_lead", "executive"})


def run(home: Home, *, at: datetime) -> str:
    office = read_office(home)
    readers = [person.name for person in office.people if READERS & set(person.roles)]
    written = 0
    for user in User.objects.filter(username__in=readers).exclude(email=""):
        try:
            session = Session(home, as_user=user.username, clock=lambda: at)
            sentences = three_sentences(session, access_of(home, user.username, at=at), at=at)
        except UserError:
            continue  # who may not ask anything gets no letter
        context = {"sentences": sentences, "site": settings.SITE_URL}
        send_letter(user.email, _("Your week in three sentences"), "home/letters/week.txt", context)
        written += 1
    return f"{written} letters written"
