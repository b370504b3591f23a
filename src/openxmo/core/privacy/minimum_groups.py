"""The least number of people that a shown cell may stand for.

These protect people; how many answers make a number reliable is another setting, a metric's `min_n`.
Source: Hundepool et al. 2012, Statistical Disclosure Control.
"""

EMPLOYEES = 10
EMPLOYEES_FLOOR = 5  # no setting goes below it
COMMENTS = 20  # words give people away sooner than numbers do
ORGANISATION = 30  # fewer employees in all: one pulse of the whole, no cut and no words
ORGANISATION_FLOOR = 10
AGENT_ANSWERS = 30  # customers' answers about one agent, where the office allows that cut at all
