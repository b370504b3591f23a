"""What every page of the backlog begins with: the office, its words, and what the person sees of the backlog."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from openxmo.core.release import Released
from openxmo.office.decide import queries
from openxmo.office.decide.models import Item
from openxmo.office.decide.permissions import check_see
from openxmo.office.decide.stages import heard_stages
from openxmo.office.decide.states import State
from openxmo.office.decide.visibility import visible_to
from openxmo.office.decide.vocabulary import Vocabulary, read_vocabulary, words_in_force
from openxmo.office.govern.office import Office
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.questions.rank import Ranking


@dataclass
class Frame:
    """One request's view of the backlog; what it needs of the office is read once."""

    request: OfficeRequest

    @cached_property
    def at(self) -> datetime:
        return now()

    @property
    def by(self) -> str:
        return self.request.access.name

    @cached_property
    def office(self) -> Office:
        return read_office(self.request.office.home)

    @property
    def currency(self) -> str:
        return self.office.settings.currency

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self.office, heard_stages(self.request.office))

    @cached_property
    def words(self) -> dict[str, tuple[str, ...]]:
        return words_in_force(self.vocabulary)

    @cached_property
    def rate(self) -> float:
        return queries.find_rate()

    def visible(self) -> QuerySet[Item]:
        return visible_to(self.request.access)

    @cached_property
    def entries(self) -> list[queries.Entry]:
        """Everything the person sees, merged items left out: they stand within the one they went into."""
        return self.read(self.visible().exclude(state=State.MERGED))

    def read(self, items: QuerySet[Item] | list[Item]) -> list[queries.Entry]:
        return queries.read_entries(items, words=self.words, at=self.at)

    @cached_property
    def ranking(self) -> Released[Ranking]:
        return self.released(self.entries)

    def released(self, entries: Iterable[queries.Entry]) -> Released[Ranking]:
        return self.request.office.released(queries.rank_items(entries, words=self.words, rate=self.rate))

    def find(self, item_id: int) -> Item:
        """The item, if the person sees it."""
        item = Item.objects.select_related("merged_into").filter(pk=item_id).first()
        if item is None:
            raise Http404(gettext("There is no such idea."))
        check_see(self.request.access, item)
        return item

    def unit_label(self, key: str) -> str:
        return next((unit.label or unit.key for unit in self.office.units if unit.key == key), key)


def address_of(route: str, query: str = "", **parts: Any) -> str:
    """The address of another room's page, empty where there is no such page."""
    try:
        return reverse(route, kwargs=parts or None) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""
