"""The addresses of this room: the front page, and the pages that look across all others."""

from django.urls import path

from openxmo.office.home.views import front, process, search, stand, start, team, trust, weekly, worth

urlpatterns = [
    path("", front.front, name="home"),
    path("act/", front.stage, {"stage": "act"}, name="stage-act"),
    path("understand/", front.stage, {"stage": "understand"}, name="stage-understand"),
    path("stand/", stand.stand, name="home-stand"),
    path("stand/<slug:name>/", stand.part, name="home-stand-part"),
    path("worth/", worth.worth, name="home-worth"),
    path("process/", process.process, name="home-process"),
    path("team/", team.team, name="home-team"),
    path("trust/", trust.trust, name="home-trust"),
    path("weekly/", weekly.weekly, name="home-weekly"),
    path("search/", search.search, name="search"),
    path("start/", start.overview, name="start"),
    path("start/<slug:key>/", start.step, name="start-step"),
]
