"""What people of the office noticed and allowed whoever keeps the backlog to read: a notice, and what came of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from openxmo.office.accounts.access import Access
from openxmo.office.decide.actions import add_evidence
from openxmo.office.decide.models import Evidence, Item
from openxmo.office.decide.queries import standing_item
from openxmo.office.decide.visibility import visible_to
from openxmo.office.lib.things import Thing, shown_if
from openxmo.office.listen.models import Notice
from openxmo.office.listen.visibility import notices_for

MOST_LETTERS = 60  # of the words, where a notice is only named


@dataclass(frozen=True)
class Heard:
    """A notice with the ideas it speaks for, as far as the reader sees them; `used` where there is one at all."""

    notice: Notice
    items: tuple[Item, ...]
    used: bool

    @property
    def name(self) -> str:
        return name_of(self.notice)


def name_of(notice: Notice) -> str:
    """As trails and evidence name it."""
    return f"noticed:{notice.pk}"


def notices_heard(access: Access) -> list[Heard]:
    """The newest first."""
    notices = list(notices_for(access))
    speaks = items_of(name_of(notice) for notice in notices)
    seen = set(visible_to(access).values_list("pk", flat=True))
    return [
        Heard(
            notice,
            tuple(item for item in speaks[name_of(notice)] if item.pk in seen),
            used=bool(speaks[name_of(notice)]),
        )
        for notice in notices
    ]


def items_of(names: Iterable[str]) -> dict[str, list[Item]]:
    """The ideas that stand for those that each of these speaks for, each once."""
    found: dict[str, list[Item]] = defaultdict(list)
    for row in Evidence.objects.filter(thing__in=list(names)).select_related("item").order_by("item_id"):
        item = standing_item(row.item)
        if item not in found[row.thing]:
            found[row.thing].append(item)
    return found


def speak_for(*, notice: Notice, item: Item, by: str, at: datetime) -> Evidence:
    """The notice is evidence of the idea from now on; it counts from when it was noticed."""
    return add_evidence(item=item, thing=name_of(notice), by=by, at=at, heard_at=notice.noticed_at)


def describe_notice(key: str, access: Access) -> Thing | None:
    """The notice with this number, as trails and other pages name it."""
    notice = Notice.objects.filter(pk=key).first() if key.isdigit() else None
    if notice is None:
        return None
    address = f"{reverse('decide-noticed')}#noticed-{notice.pk}"
    label = Truncator(notice.text).chars(MOST_LETTERS)
    thing = Thing(name_of(notice), gettext("Noticed"), label, address)
    return shown_if(notices_for(access).filter(pk=notice.pk).exists(), thing)
