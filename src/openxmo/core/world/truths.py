"""What is planted, as data: each truth with its figure, so that what is found can be held against it.

`figure` is what stands in the signals of a planted world of the default size, within `tolerance`; `calm` is the
same figure in the twin where nothing is planted. `months` are the story's, both included; `metric` is the key in
`office.toml` that measures it, where one of today's does; `where` says in words where it lies in the signals.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from openxmo.core.world.months import month_start

Stage = Literal["listen", "understand", "decide", "act", "prove"]
WHOLE = (1, 24)
BEFORE, AFTER = (17, 19), (20, 22)


@dataclass(frozen=True)
class Truth:
    key: str
    stage: Stage
    says: str
    figure: float
    tolerance: float
    calm: float
    where: str
    metric: str = ""
    months: tuple[int, int] = WHOLE

    def days(self, as_of: datetime) -> tuple[date, date]:
        """Its months as days in Northlight's zone, the end excluded, for a world that ends at `as_of`."""
        first, last = self.months
        return month_start(as_of, first).date(), month_start(as_of, last + 1).date()


LISTEN = (
    Truth("response-over-asked", "listen", "small businesses' response in the last 90 days, %", 11.0, 0.3, 28.0,
          "invitation_sent and invitation_answered, segment small_business"),
    Truth("response-before", "listen", "small businesses' response when asked once in 90 days, %", 28.0, 0.3, 28.0,
          "the same, 720 to 630 days before the as-of moment"),
    Truth("asked-in-90-days", "listen", "invitations to each small business in the last 90 days", 5.0, 0.01, 2.0,
          "invitation_sent, segment small_business; 1,900 of them, three programmes"),
    Truth("straight-lining", "listen", "answers in one column, last 90 days, %", 13.0, 0.3, 4.0,
          "programme_answer by response: five items, one turned round, all alike"),
    Truth("straight-lining-before", "listen", "answers in one column at first, %", 4.0, 0.3, 4.0,
          "the same, 720 to 630 days before the as-of moment"),
    Truth("app-response", "listen", "response of app users, %", 30.0, 0.3, 20.0,
          "invitation_sent and invitation_answered, label after_contact, attrs.app yes"),
    Truth("other-response", "listen", "response of all others, %", 10.0, 0.3, 20.0, "the same, attrs.app no"),
    Truth("raw-csat-too-high", "listen", "mean CSAT less weighted mean CSAT, points of 5", 0.2, 0.02, 0.0,
          "csat with its weight (the inverse of the response)", "csat_mean"),
    Truth("ces1", "listen", "CES 1.0, 1 to 5, lower is easier", 2.0, 0.1, float("nan"),
          "ces with instrument ces@1, until M9; the twin never asks it", "ces1", (1, 9)),
    Truth("ces2", "listen", "CES 2.0, 1 to 7: a break in the series, no rise", 5.3, 0.15, 5.3,
          "ces with instrument ces@2, from M10", "ces2", (10, 24)),
    Truth("calder-true", "listen", "CSAT top-2 at Calder, everything received, %", 68.0, 0.3, 71.14,
          "csat, site calder, excluded or not", "csat", (13, 24)),
    Truth("calder-reported", "listen", "CSAT top-2 at Calder as it reports, %", 78.4, 0.3, 71.14,
          "csat, site calder, excluded empty", "csat", (13, 24)),
    Truth("calder-withheld", "listen", "share of Calder's ones and twos left out as duplicate, %", 70.0, 0.5, 0.0,
          "csat, site calder, value 1 or 2: excluded, excluded_by", "", (13, 24)),
)  # fmt: skip

UNDERSTAND = (
    Truth("csat-before", "understand", "CSAT top-2, M17-M19, everything received, %", 71.14, 0.3, 71.14,
          "csat", "csat", BEFORE),
    Truth("csat-after", "understand", "CSAT top-2, M20-M22, everything received, %", 65.8, 0.3, 71.14,
          "csat", "csat", AFTER),
    Truth("csat-change", "understand", "its change, points", -5.34, 0.3, 0.0, "csat, M17-M19 to M20-M22", "csat"),
    Truth("mix", "understand", "of it by the shift to chat, points", -3.135, 0.3, 0.0, "csat by channel", "csat"),
    Truth("rate", "understand", "of it by lower scores, points", -2.205, 0.3, 0.0, "csat by channel", "csat"),
    Truth("chat-share-before", "understand", "share of chat among answers, %", 22.0, 0.3, 22.0, "csat", "", BEFORE),
    Truth("chat-share-after", "understand", "share of chat among answers, %", 41.0, 0.3, 22.0, "csat", "", AFTER),
    Truth("phone-after", "understand", "CSAT top-2 by telephone stays, %", 74.0, 0.3, 74.0,
          "csat, channel phone", "csat", AFTER),
    Truth("chat-hub3-before", "understand", "CSAT top-2 of chat about the Hub 3, %", 61.0, 1.0, 61.0,
          "csat, channel chat, product hub_3", "csat", BEFORE),
    Truth("chat-hub3-after", "understand", "CSAT top-2 of chat about the Hub 3, %", 33.0, 1.0, 61.0,
          "csat, channel chat, product hub_3", "csat", AFTER),
    Truth("chat-other-after", "understand", "CSAT top-2 of other chat stays, %", 61.0, 0.5, 61.0,
          "csat, channel chat, product hub_2", "csat", AFTER),
    Truth("dropouts-old", "understand", "drop-outs a week with firmware 3.1", 0.8, 0.05, 0.8,
          "dropout, attrs.firmware 3.1", "dropouts", (20, 24)),
    Truth("dropouts-new", "understand", "drop-outs a week with firmware 3.2, in onboarding", 4.6, 0.25, 0.8,
          "dropout, attrs.firmware 3.2", "dropouts", (20, 24)),
    Truth("installed-on-time", "understand", "installed on time, %", 96.0, 0.3, 96.0,
          "installed_on_time", "installed_on_time"),
    Truth("expected-before", "understand", "expected, works the same evening, of 10", 8.4, 0.05, 8.4,
          "expected, item same_evening", "expected_same_evening", (1, 11)),
    Truth("expected", "understand", "the same once a rival promised 24 hours (note, M12)", 9.1, 0.05, 8.4,
          "expected, item same_evening", "expected_same_evening", (12, 24)),
    Truth("experienced", "understand", "experienced, works the same evening, of 10", 6.2, 0.05, 8.4,
          "experienced, item same_evening", "experienced_same_evening", (12, 24)),
    Truth("fcr-stated", "understand", "first-contact resolution as stated, %", 74.0, 0.3, 61.0,
          "resolved, kind X", "fcr_stated"),
    Truth("fcr7", "understand", "FCR7, %", 61.0, 0.3, 61.0, "contact by issue; transferred", "fcr7"),
    Truth("repeated", "understand", "issues repeated within 7 days, %", 18.0, 0.3, 18.0,
          "contact by issue", "repeats7"),
    Truth("transferred", "understand", "issues not repeated but handed on, % of all", 21.0, 0.3, 21.0,
          "contact by issue; transferred"),
    Truth("qa-fix", "understand", "QA confirmed the fix: met if solved less met if repeated, points", 30.0, 1.0, 0.0,
          "qa, item confirmed_the_fix, by whether its issue was repeated", "qa_fix"),
    Truth("qa-greeting", "understand", "QA greeting: the same difference", 0.0, 1.0, 0.0, "qa, item greeting"),
    Truth("training", "understand", "training completed, %", 97.0, 0.3, 97.0, "training", "training_completion"),
    Truth("gamers-top-box", "understand", "fives for the two gamers (Calder, Brenwick), %", 94.0, 1.0, 58.0,
          "csat of two agents", "csat"),
    Truth("peers-top-box", "understand", "fives for all but gamers and star, %", 58.0, 0.3, 58.8, "csat"),
    Truth("gamers-repeats", "understand", "repeats of the gamers' issues, %", 31.0, 1.0, 18.0, "contact by issue"),
    Truth("gamers-beg", "understand", "the gamers' transcripts with 'a five helps me', %", 22.0, 1.5, 0.0, "utterance"),
    Truth("star-top-box", "understand", "fives for the honest star, %", 88.0, 1.0, 58.0,
          "csat of one agent at Ardmore"),
    Truth("star-repeats", "understand", "repeats of the star's issues, %", 9.0, 1.0, 18.0, "contact by issue"),
    Truth("staff-before", "understand", "Brenwick: tools and knowledge help me, of 5", 3.9, 0.05, 3.9,
          "pulse, item tools_knowledge, site brenwick", "tools_knowledge", (1, 8)),
    Truth("staff-after", "understand", "the same from M9", 3.2, 0.05, 3.9,
          "pulse, item tools_knowledge, site brenwick", "tools_knowledge", (9, 24)),
    Truth("brenwick-customers", "understand", "Brenwick's CSAT top-2, M1-M10 to M11-M19, points", -6.0, 0.6, 0.0,
          "csat, site brenwick: two months after its staff", "csat"),
    Truth("firms-slow-hours", "understand", "hours until four firms of the North answer", 31.0, 0.1, 6.0,
          "partner_response, attrs.installer firm-1 to firm-4", "partner_hours"),
    Truth("firms-hours", "understand", "hours until the other 30 answer", 6.0, 0.1, 6.0,
          "partner_response", "partner_hours"),
    Truth("firms-slow-days", "understand", "days from order to working line with the four", 9.8, 0.1, 4.1,
          "time_to_onboard", "time_to_live"),
    Truth("firms-days", "understand", "the same with the others", 4.1, 0.1, 4.1, "time_to_onboard", "time_to_live"),
    Truth("xla-delivered", "understand", "XLA Start of shift, delivered in the last month", 66.85, 0.01, 80.0,
          "csat_it 4.2, ces_it 2.1, it_ticket 91 % in time, login_time 38 s", "", (24, 24)),
    Truth("hazard", "understand", "churn hazard per lost CES point, times", 1.25, 0.03, 1.0,
          "ces (instrument ces@2) and churn by subject"),
    Truth("hazard-nps", "understand", "the same per point of NPS beyond effort, times", 1.0, 0.2, 1.0,
          "nps, ces and churn by subject"),
)  # fmt: skip

DECIDE = (
    Truth("avoidable", "decide", "avoidable contacts held, a year", 1500.0, 0.5, 1500.0,
          "contact, label avoidable, at unit_cost item contact, 6.80", "avoidable_contacts", (13, 24)),
    Truth("escalations-hub3", "decide", "escalations per 100 contacts about the Hub 3", 14.0, 0.3, 4.0,
          "escalation and contact, product hub_3, at unit_cost item escalation, 31", "escalation_rate", (20, 24)),
    Truth("escalations-other", "decide", "escalations per 100 other contacts", 4.0, 0.3, 4.0,
          "escalation and contact, product hub_2", "escalation_rate", (20, 24)),
)  # fmt: skip

ACT = (
    Truth("open-cases", "act", "cases open at the as-of moment", 23.0, 0.0, 23.0, "case: opened, not replied to"),
    Truth("late-cases", "act", "of them past their clock of 4 business hours", 3.0, 0.0, 0.0, "case, label opened"),
    Truth("loop", "act", "cases since M1 replied to within 4 business hours, %", 61.0, 0.5, 61.0,
          "case: opened, replied"),
    Truth("misfiled", "act", "possible complaints filed as a comment", 1.0, 0.0, 1.0,
          "comment with 'formal complaint'"),
    Truth("failed-journey", "act", "contacts of one customer about one issue in three days", 3.0, 0.0, 3.0,
          "contact, issue issue-today-thrice"),
    Truth("empty-searches", "act", "searches a month for the missing article", 640.0, 0.5, 0.0,
          "kb_search, label empty, item Hub 3 lights", "empty_searches", (24, 24)),
)  # fmt: skip

PROVE = (
    Truth("check-there", "prove", "7-day repeats on activation, M1-M11 to M12-M24, with the check, points",
          -8.0, 0.4, 0.0,
          "contact by issue, reason activation, attrs.check yes", "activation_fcr7"),
    Truth("check-elsewhere", "prove", "the same without the check", 0.0, 0.4, 0.0,
          "attrs.check no", "activation_fcr7"),
    Truth("scripts-before-after", "prove", "FCR7 of the 12 scripted agents, M4-M6 to M7-M9, points", 4.1, 0.5, 0.0,
          "contact by issue, attrs.scripts given", "fcr7"),
    Truth("scripts-effect", "prove", "the same from M1-M3, before they were chosen for being worst", 0.0, 0.5, 0.0,
          "contact by issue, attrs.scripts given", "fcr7"),
    Truth("cap-seconds", "prove", "handle time at Brenwick under the cap (M18-M19), change, s", -65.0, 3.0, 0.0,
          "handle_time, site brenwick", "handle_time"),
    Truth("cap-fcr7", "prove", "FCR7 at Brenwick under the cap, against the other sites, points", -5.0, 1.3, 0.0,
          "contact by issue, site brenwick", "fcr7"),
    Truth("staged", "prove", "drop-outs a week with staged firmware 3.3: five weeks, few routers", 4.2, 1.2, 0.8,
          "dropout, attrs.firmware 3.3, the last 35 days", "dropouts"),
    Truth("nps-first", "prove", "NPS of M21 (300 answers), points", 23.333, 0.01, 27.0, "nps", "nps", (21, 21)),
    Truth("nps-second", "prove", "NPS of M24 (300 answers): within noise, points", 30.667, 0.01, 27.0, "nps", "nps",
          (24, 24)),
    Truth("coast", "prove", "CSAT top-2 of visits on the Coast, %", 84.0, 0.5, 71.0, "csat_visit, region coast",
          "csat_visit"),
    Truth("not-coast", "prove", "CSAT top-2 of visits elsewhere, %", 71.0, 0.5, 71.0, "csat_visit", "csat_visit"),
)  # fmt: skip

TRUTHS: tuple[Truth, ...] = (*LISTEN, *UNDERSTAND, *DECIDE, *ACT, *PROVE)
