"""Erasure: what was opened from a customer's words goes, a colleague's name is put out."""

from openxmo.core.signals.store.home import Home
from openxmo.office.act import actions, clocks
from openxmo.office.act.asking import quotes_from
from openxmo.office.act.erasure import forget
from openxmo.office.act.models import Case, ConversationEntry, EscalationEvent, Firing, PossibleComplaint, Quote
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.test_recommendations import ask
from openxmo.office.act.tests.told import MONDAY, answer, hear, open_case
from openxmo.office.lib.terms import GONE


def test_a_customer_is_forgotten_with_all_that_came_of_their_words(home: Home) -> None:
    gone, stays = open_case(home, "r1"), open_case(home, "r2")
    actions.note(case=gone, words="Called twice", by="Amy", at=MONDAY)
    made = ask(home)
    Quote.objects.create(recommendation=made, said=gone.name, words=gone.words)
    Quote.objects.create(recommendation=made, said=stays.name, words=stays.words)
    hear(home, *answer("r3", subject=gone.subject, csat=None, agreed=None, words="A formal complaint!"))
    open_cases(home, at=MONDAY)
    assert forget({gone.subject}, by="Dan", at=MONDAY) > 0
    assert list(Case.objects.values_list("pk", flat=True)) == [stays.pk]
    assert (ConversationEntry.objects.count(), PossibleComplaint.objects.count()) == (0, 0)
    assert list(Quote.objects.values_list("said", flat=True)) == [stays.name]
    assert list(Firing.objects.values_list("on", flat=True)) == [f"response:{stays.answer}"]


def test_a_colleagues_name_is_put_out_and_the_case_stays(home: Home) -> None:
    case = open_case(home)
    Case.objects.update(owner="Amy")
    actions.reply(case=case, way="call", words="Talked", by="Amy", at=MONDAY)
    EscalationEvent.objects.filter(clock="resolve", step="warn").update(due_at=MONDAY)
    clocks.tick(at=MONDAY)
    forget({"Amy"}, by="Dan", at=MONDAY)
    case.refresh_from_db()
    assert (case.owner, case.taken_by, case.first_reply_by, case.entries.get().said_by) == ("(erased)",) * 4
    assert not [event for event in EscalationEvent.objects.all() if "Amy" in event.told]


def test_words_that_are_kept_no_longer_are_not_quoted() -> None:
    gone, kept = Case(pk=1, words=GONE), Case(pk=2, words="Nobody called.")
    assert [quote.words for quote in quotes_from([gone, kept])] == ["Nobody called."]
