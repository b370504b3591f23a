"""What a table says of how long it is kept is what happens to its rows: within the term they stay, past it they go."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import Model
from django.test import Client

from openxmo.core.release import Look, LookLog
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit, record
from openxmo.office.accounts.models import AuditEvent, User
from openxmo.office.act.models import Case, ConversationEntry, EscalationEvent, PossibleComplaint, Quote
from openxmo.office.govern.actions import archive, put
from openxmo.office.govern.models import TrailLink
from openxmo.office.govern.organisation import Person, Retention
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.trail import link
from openxmo.office.jobs.daily import retention
from openxmo.office.lib.terms import GONE, Term, Terms
from openxmo.office.listen.models import ContactAddress, FileImport
from openxmo.office.portability.expiring import expire_everywhere, terms_of
from openxmo.office.prove.models import MoneyClaim, Signature
from tests.functional.machine.made import make
from tests.repo.test_fields import DONE_OTHERWISE, OWN

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
TERMED = [model for model in OWN if isinstance(model.Privacy.kept, Term)]  # type: ignore[attr-defined]
WORDED = [model for model in OWN if hasattr(model.Privacy, "words_kept")]  # type: ignore[attr-defined]
# What a row is like whose time can be over: settled, and with whoever did it beside the moment.
SETTLED: dict[str, dict[str, Any]] = {
    "accounts.ApiKey": {"revoked_by": "Root"},
    "act.Case": {"state": "dismissed", "resolved_by": "Amy", "closed_by": "Amy"},
    "act.PossibleComplaint": {"state": "dismissed", "judged_by": "Amy"},
}


def label_of(model: type[Model]) -> str:
    return model._meta.label


def aged(model: type[Model], term: Term, moment: datetime) -> Any:
    """A settled row whose youngest moment is this one."""
    own = {name: moment for name in term.since if "__" not in name}
    row = make(model, **{**SETTLED.get(label_of(model), {}), **own})
    if model is Quote:
        type(row.recommendation).objects.filter(pk=row.recommendation_id).update(
            state="accepted", sent_at=moment, answered_at=moment, answered_by="Rita"
        )
    if model is MoneyClaim:
        make(Signature, claim=row, signed_at=moment)
    return row


def expire(home: Home, at: datetime = AT) -> dict[str, int]:
    return expire_everywhere(home, read_office(home), by="worker", at=at)


def last_kept(home: Home, term: Term) -> datetime:
    return terms_of(read_office(home)).oldest(term, at=AT)


@pytest.mark.parametrize("model", TERMED, ids=label_of)
def test_a_row_stays_to_the_end_of_its_term_and_goes_after_it(home: Home, model: type[Any]) -> None:
    term: Term = model.Privacy.kept
    oldest = last_kept(home, term)
    within = aged(model, term, oldest)
    past = aged(model, term, oldest - timedelta(microseconds=1))
    assert sum(expire(home).values()) >= 1
    assert set(model._base_manager.filter(pk__in=[within.pk, past.pk]).values_list("pk", flat=True)) == {within.pk}


@pytest.mark.parametrize("model", WORDED, ids=label_of)
def test_sensitive_words_go_when_their_own_term_is_over_and_the_row_stays(home: Home, model: type[Any]) -> None:
    term: Term = model.Privacy.words_kept
    oldest = last_kept(home, term)
    rows = [said(model, moment) for moment in (oldest, oldest - timedelta(microseconds=1))]
    assert expire(home)["words in cases"] == 1
    assert [model._base_manager.get(pk=row.pk).words for row in rows] == ["It was said.", GONE]
    assert "words in cases" not in expire(home)


def said(model: type[Model], moment: datetime) -> Any:
    """Words of this moment, in something that was settled only lately."""
    closed = {"state": "dismissed", "closed_at": AT, "closed_by": "Amy"}
    if model is Case:
        return make(Case, words="It was said.", happened_at=moment, **closed)
    if model is PossibleComplaint:
        judged = {"state": "dismissed", "judged_at": AT, "judged_by": "Amy"}
        return make(PossibleComplaint, words="It was said.", happened_at=moment, **judged)
    assert model is ConversationEntry
    return make(ConversationEntry, words="It was said.", said_at=moment, case=make(Case, words="", **closed))


def test_there_is_a_deed_for_each_statement_about_more_than_a_row() -> None:
    assert {label for label, _ in DONE_OTHERWISE} == {"accounts.User", "govern.TrailLink"}


def test_a_sign_in_goes_thirty_days_after_its_person_left(home: Home, sign_in: Callable[[str], Client]) -> None:
    sign_in("Carl")
    archive(home, "person", "Carl", by="Lea", at=AT)
    expire(home, AT + timedelta(days=30))
    assert User.objects.filter(username="Carl").exists()
    assert expire(home, AT + timedelta(days=30, seconds=1))["sign-ins of people who left"] == 1
    assert not User.objects.filter(username="Carl").exists()
    assert not [one for one in BrowserSession.objects.all() if "_auth_user_id" in one.get_decoded()]


def test_who_came_back_and_who_never_was_in_the_office_keep_their_sign_in(home: Home) -> None:
    User.objects.create_user("nobody")
    archive(home, "person", "Carl", by="Lea", at=AT)
    put(home, Person(name="Carl", roles=("agent",), units=("south",)), by="Lea", at=AT + timedelta(days=20))
    assert "sign-ins of people who left" not in expire(home, AT + timedelta(days=90))
    assert User.objects.filter(username__in=["nobody", "Carl"]).count() == 2


def long_ago(**given: Any) -> Case:
    old = AT - timedelta(days=5 * 366)
    made: Case = make(Case, **{"happened_at": old, "opened_at": old, "first_reply_due_at": old, **given})
    return made


def test_an_open_case_is_never_taken_away_nor_is_anything_it_needs(home: Home) -> None:
    case = long_ago(words="Nobody called.", response="r-open")
    make(ConversationEntry, case=case, words="We look into it.", said_at=case.happened_at)
    make(PossibleComplaint, happened_at=case.happened_at, words="A complaint!")
    for response in ("r-open", "r-settled"):
        make(ContactAddress, response=response, subject="c", address="a@b.example", left_at=case.happened_at)
    make(FileImport, state="waiting", made_at=case.happened_at, folder="waits")
    make(MoneyClaim, proposed_at=AT - timedelta(days=11 * 366))
    assert expire(home) == {"contact addresses": 1}
    assert [each.response for each in ContactAddress.objects.all()] == ["r-open"]
    assert Case.objects.get().words == "Nobody called."
    assert ConversationEntry.objects.get().words == "We look into it."


def test_a_case_goes_with_its_conversation_its_alarms_and_what_it_came_out_of(home: Home) -> None:
    case = long_ago(state="confirmed")
    make(ConversationEntry, case=case, said_at=case.happened_at)
    make(EscalationEvent, case=case)
    link("signal:web/a1", case.name, by="rules", at=case.happened_at)
    link(case.name, "item:3", by="Ada", at=case.happened_at)
    assert expire(home)["cases"] == 1
    assert (ConversationEntry.objects.count(), EscalationEvent.objects.count()) == (0, 0)
    assert [(each.earlier, each.later) for each in TrailLink.objects.all()] == [(case.name, "item:3")]


def test_a_case_that_was_settled_lately_stays_however_long_it_was_open(home: Home) -> None:
    long_ago(state="dismissed", closed_at=AT - timedelta(days=1), closed_by="Amy")
    assert "cases" not in expire(home)


def test_the_terms_are_those_that_the_office_sets(home: Home) -> None:
    make(Case, happened_at=AT - timedelta(days=200), state="confirmed")
    assert "cases" not in expire(home)
    shorter = msgspec.structs.replace(read_office(home).settings, retention=Retention(answers_months=6))
    put(home, shorter, by="Lea", at=AT)
    assert expire(home)["cases"] == 1


def test_the_log_of_who_looked_is_kept_as_long_as_the_office_says(home: Home) -> None:
    log = LookLog(home.office / "audit" / "looks.ndjson")
    oldest = last_kept(home, Term("24 months", since=("at",), told=""))
    for moment in (oldest - timedelta(seconds=1), oldest):
        log(Look(moment, "Tom", ("team_lead",), "amy", "csat"))
    assert expire(home)["looks at numbers about agents"] == 1
    assert [look.at for look in log.looks_at("amy")] == [oldest]
    log(Look(AT, "Tom", ("team_lead",), "amy", "csat"))
    assert len(list(log.looks_at("amy"))) == 2


def test_what_was_taken_away_is_audited_as_counts_and_told_and_a_second_run_does_nothing(home: Home) -> None:
    long_ago(state="confirmed", subject="customer-1", words="My name is on this.")
    record("long ago", by="Lea", at=AT - timedelta(days=1000))
    assert retention.run(home, at=AT) == "past their time: 1 lines of the audit, 1 words in cases, 1 cases"
    rows = read_audit(what="taken away past its time")
    assert [(row.by, row.on) for row in rows] == [
        ("worker", ["lines of the audit:1"]),
        ("worker", ["words in cases:1", "cases:1"]),
    ]
    assert retention.run(home, at=AT) == "nothing is past its time"
    assert read_audit(what="taken away past its time").count() == 2


def test_a_room_is_done_whole_or_not_at_all_and_the_next_run_does_what_was_left(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openxmo.office.act.expiry as act

    long_ago(state="confirmed", words="Nobody called.")
    record("long ago", by="Lea", at=AT - timedelta(days=1000))

    def cut_off(*_: Any, **__: Any) -> int:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(act, "take_away", cut_off)
        with pytest.raises(RuntimeError):
            retention.run(home, at=AT)
    assert Case.objects.get().words == "Nobody called."  # the words were emptied in the same transaction
    assert not AuditEvent.objects.filter(what="long ago").exists()  # a room that was done stays done
    assert retention.run(home, at=AT) == "past their time: 1 words in cases, 1 cases"


def test_an_hour_is_an_hour_and_a_month_ends_with_the_day_of_the_offices_zone() -> None:
    terms = Terms("Europe/Berlin", {"logs_months": 1})
    at = datetime(2026, 3, 30, 23, 30, tzinfo=UTC)  # the 31st in Berlin
    assert terms.oldest(Term("24 hours", since=("at",), told=""), at=at) == at - timedelta(hours=24)
    oldest = terms.oldest(Term("logs_months", since=("at",), told=""), at=at)
    assert (oldest.isoformat(), str(oldest.tzinfo)) == ("2026-02-28T00:00:00+01:00", "Europe/Berlin")
    assert terms.in_words(Term("1 month", since=("at",), told="after it ran")) == "1 month after it ran"


def test_every_statement_names_tables_that_stand() -> None:
    labels = {label_of(model) for model in apps.get_models()}
    assert set(SETTLED) | {label for label, _ in DONE_OTHERWISE} <= labels
