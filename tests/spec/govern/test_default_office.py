"""The office on day one holds what the defaults promise, and each default can be traced to its reason."""

from collections import Counter

import pytest

from openxmo.core.act.calendar import elapsed
from openxmo.core.metrics.checks import check_metric
from openxmo.core.signals.shapes import RESERVED
from openxmo.office.accounts.roles import ROLES
from openxmo.office.govern.calendars import hours_of
from openxmo.office.govern.checks import check_office
from openxmo.office.govern.office import Office
from openxmo.office.govern.practice import ClosedLoop, Complaint, Frequency, Review, RootCause
from openxmo.office.govern.queries import default_office_text, definitions, read_default_office
from tests.spec.govern.offices import MONDAY

# B. Kelley, "Rise of the Experience Management Office" (2025): the metrics it names, by family.
TAXONOMY = {
    "NPS": "lagging",
    "CSAT": "lagging",
    "CES": "lagging",
    "employee engagement score": "lagging",
    "website navigation ease": "leading",
    "call resolution rate": "leading",
    "time to onboard new employees": "leading",
    "speed of partner response": "leading",
    "average handle time": "operational",
    "employee training completion rate": "operational",
    "revenue growth": "financial",
    "cost reduction": "financial",
    "customer retention": "financial",
    "employee productivity": "financial",
}


@pytest.fixture
def office() -> Office:
    return read_default_office()


def test_the_default_office_holds_together(office: Office) -> None:
    check_office(office)


def test_the_catalogue_assigns_the_fourteen_metrics_of_the_taxonomy_as_it_does(office: Office) -> None:
    families = {metric.label: metric.family for metric in office.metrics}
    assert {label: families[label] for label in TAXONOMY} == TAXONOMY
    assert Counter(TAXONOMY.values()) == {"lagging": 4, "leading": 4, "operational": 2, "financial": 4}


def test_each_metric_has_all_that_a_catalogue_says_of_it(office: Office) -> None:
    keys = {metric.key for metric in office.metrics}
    for metric in office.metrics:
        assert metric.owner in ROLES, metric.key
        assert metric.counter_metric in keys - {metric.key}, metric.key
        assert metric.family is not None
        assert metric.voice is not None
        assert metric.judged_per is not None
        assert all((metric.label, metric.unit, metric.weakness)), metric.key
        assert metric.min_n == 30
        check_metric(metric, definitions(office))


def test_each_metric_scores_a_signal_whose_shape_is_documented(office: Office) -> None:
    signals = {metric.signal for metric in office.metrics} | {
        metric.score.over for metric in office.metrics if metric.score.over
    }
    assert signals <= RESERVED


def test_the_catalogue_has_the_metrics_of_day_one(office: Office) -> None:
    keys = {metric.key for metric in office.metrics}
    assert keys >= set(
        "nps csat csat_mean ces enps engagement fcr7 fcr_stated contacts_per_issue avoidable_contacts transfer_rate "  # noqa: SIM905
        "escalation_rate handle_time lead_time_p90 first_time_right complaints_per_1000 lost_minutes partner_response "
        "training_completion nps_by_revenue tnps churn_90d expansion cost_to_serve".split()
    )
    assert len(keys) == 31


def test_nps_is_judged_by_the_quarter_and_refused_by_agent_contact_and_day(office: Office) -> None:
    nps = definitions(office).metrics["nps"]
    assert (nps.judged_per, nps.once_per, nps.refused_by) == ("quarter", "subject", ("agent", "contact", "day"))


def test_handle_time_is_never_read_without_repeat_contacts(office: Office) -> None:
    metrics = definitions(office).metrics
    assert metrics["handle_time"].counter_metric == "fcr7"
    fcr7 = metrics["fcr7"].score
    assert (fcr7.kind, fcr7.days, fcr7.key) == ("repeat_free", 7, ("subject", "reason"))
    assert fcr7.fails_if == {"exists:transferred": True}


def test_the_rules_are_those_of_day_one(office: Office) -> None:
    rules = {rule.key: rule for rule in office.rules}
    loop, urgent = rules["negative-answer"], rules["safety-or-vulnerability"]
    assert isinstance(loop, ClosedLoop)
    assert isinstance(urgent, ClosedLoop)
    assert (loop.first_reply, loop.resolve, loop.reopens_within) == ("4 business hours", "2 business days", "7 days")
    assert (loop.warn_at, loop.lead_at, loop.head_at, loop.customer_confirms) == (0.75, 1, 2, True)
    assert (urgent.first_reply, urgent.calendar) == ("1 hour", None)
    cause, complaint, often = rules["same-cause"], rules["complaint"], rules["survey-frequency"]
    assert isinstance(cause, RootCause)
    assert (cause.cases, cause.severe_cases, cause.within) == (5, 3, "30 days")
    assert isinstance(complaint, Complaint)
    assert (complaint.acknowledge, complaint.update, complaint.final_answer) == ("1 business day", "10 days", None)
    assert isinstance(often, Frequency)
    assert (often.days_between, often.days_between_relationship, often.most_a_year) == (30, 90, 4)
    assert often.hold_on_open_complaint
    assert "complaint" in often.never_delays
    assert {rule.every for rule in office.rules if isinstance(rule, Review)} == {
        "day",
        "week",
        "month",
        "quarter",
        "half-year",
    }


def test_what_is_kept_is_kept_as_long_as_the_defaults_say(office: Office) -> None:
    kept = office.settings.retention
    assert (kept.raw_days, kept.comments_months, kept.answers_months) == (30, 24, 36)
    assert (kept.unproved_integrity_days, kept.logs_months) == (90, 24)
    groups = office.settings.minimum_groups
    assert (groups.employees, groups.comments, groups.agents, groups.organisation) == (10, 20, 30, 30)


def test_agents_are_not_shown_until_the_office_says_why(office: Office) -> None:
    assert office.settings.agent_disclosure is None


def test_no_survey_asks_more_than_five_questions_or_hides_what_happens(office: Office) -> None:
    for survey in office.surveys:
        assert 1 <= len(survey.questions) <= 5
        assert all((survey.purpose, survey.what_happens, survey.who_sees, survey.owner)), survey.key
    by_key = {survey.key: survey.questions for survey in office.surveys}
    assert {"resolved@1", "may-contact@1"} <= set(by_key["after-contact"])
    assert not any("may-contact@1" in by_key[s.key] for s in office.surveys if s.experience == "employee")


def test_every_rating_has_both_ends_labelled(office: Office) -> None:
    assert all(len(one.labels) == 2 for one in office.instruments if one.answers == "rating")


def test_the_standards_in_force_are_the_twelve(office: Office) -> None:
    assert len(office.standards) == 12
    assert all(standard.why for standard in office.standards)


def test_the_default_calendar_counts_business_hours(office: Office) -> None:
    hours = hours_of(office, "office-hours")
    # MONDAY is 09:00: to Tuesday 10:00 the office is open for 8 hours, then one.
    assert elapsed(hours, MONDAY, MONDAY.replace(day=3, hour=10)).total_seconds() == 9 * 3600


def test_the_default_file_names_no_people_and_no_regulator() -> None:
    office = read_default_office()
    assert office.people == ()
    assert all(rule.regulator is None for rule in office.rules if isinstance(rule, Complaint))
    assert "[[person]]" not in default_office_text()
