"""Changing the words that items are sorted by: for those who may change the office."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.decide.items import FACETS
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.decide.models import Word
from openxmo.office.govern.office import Office

LONGEST_WORD = 100


@transaction.atomic
def put_word(
    *, facet: str, word: str, label: str = "", ambition: str = "", office: Office, by: str, at: datetime
) -> Word:
    """Add a word to a facet, or change what is said of it. A retired word comes back by it."""
    if facet not in FACETS[1:]:
        raise WrongUsage(
            _("Words are added to %(facets)s; the four experiences are fixed.") % {"facets": ", ".join(FACETS[1:])},
            where=facet,
        )
    word = " ".join(word.split())
    if not word or len(word) > LONGEST_WORD:
        raise WrongUsage(_("A word has 1 to %(most)s letters.") % {"most": LONGEST_WORD}, where=facet)
    if ambition and ambition not in {one.key for one in office.ambitions}:
        raise WrongUsage(_("The office has no ambition “%(ambition)s”.") % {"ambition": ambition}, where=word)
    row, _made = Word.objects.update_or_create(
        facet=facet,
        word=word,
        defaults={
            "label": label.strip(),
            "ambition": ambition if facet == "strategic_alignment" else "",
            "retired": False,
            "changed_at": at,
            "changed_by": by,
        },
    )
    audit.record("facet word added", by=by, at=at, on=[f"word:{row.pk}"])
    return row


@transaction.atomic
def retire_word(*, facet: str, word: str, by: str, at: datetime) -> Word:
    """Take a word out of use. Items that hold it are blocked until they are given another."""
    if facet not in FACETS[1:]:
        raise WrongUsage(_("The four experiences are fixed."), where=facet)
    row, _made = Word.objects.update_or_create(
        facet=facet, word=word, defaults={"retired": True, "changed_at": at, "changed_by": by}
    )
    audit.record("facet word retired", by=by, at=at, on=[f"word:{row.pk}"])
    return row
