"""The backlog as one person sees it: the words in force, the ideas with all that is known of them, their ranking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from openxmo.core.release import Released
from openxmo.office.accounts.access import Access
from openxmo.office.decide import queries
from openxmo.office.decide.models import Item
from openxmo.office.decide.stages import heard_stages
from openxmo.office.decide.states import State
from openxmo.office.decide.visibility import visible_to
from openxmo.office.decide.vocabulary import Vocabulary, read_vocabulary, words_in_force
from openxmo.office.govern.office import Office
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.session import Session
from openxmo.questions.feelings import Feelings
from openxmo.questions.rank import Ranking


@dataclass
class Backlog:
    """What one person sees at a moment; what it needs of the office is read once."""

    session: Session
    access: Access
    at: datetime

    @cached_property
    def office(self) -> Office:
        return read_office(self.session.home)

    @property
    def currency(self) -> str:
        return self.office.settings.currency

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self.office, heard_stages(self.session))

    @cached_property
    def words(self) -> dict[str, tuple[str, ...]]:
        return words_in_force(self.vocabulary)

    @cached_property
    def rate(self) -> float:
        return queries.find_rate()

    def visible(self) -> QuerySet[Item]:
        return visible_to(self.access)

    @cached_property
    def entries(self) -> list[queries.Entry]:
        """Everything the person sees, merged items left out: they stand within the one they went into."""
        return self.read(self.visible().exclude(state=State.MERGED))

    def read(self, items: QuerySet[Item] | list[Item]) -> list[queries.Entry]:
        return queries.read_entries(items, words=self.words, at=self.at, felt=self.felt)

    @cached_property
    def felt(self) -> Feelings:
        """What those who were asked Kano's two questions feel, as far as the person sees it."""
        return self.session.feelings().result

    @cached_property
    def ranking(self) -> Released[Ranking]:
        return self.released(self.entries)

    def released(self, entries: Iterable[queries.Entry]) -> Released[Ranking]:
        return self.session.released(queries.rank_items(entries, words=self.words, rate=self.rate))
