"""The addresses of this room, below /prove/."""

from django.urls import path

from openxmo.office.prove.views import initiative, money, overview, planning, work

urlpatterns = [
    path("", overview.under_way, name="prove-under-way"),
    path("initiatives/new/", planning.new, name="prove-initiative-new"),
    path("initiatives/<int:pk>/", initiative.initiative, name="prove-initiative"),
    path("initiatives/<int:pk>/plan/", planning.change, name="prove-plan-change"),
    path("initiatives/<int:pk>/approve/", initiative.approve, name="prove-approve"),
    path("initiatives/<int:pk>/start/", initiative.start, name="prove-start"),
    path("initiatives/<int:pk>/end/", initiative.end, name="prove-end"),
    path("initiatives/<int:pk>/stop/", initiative.stop, name="prove-stop"),
    path("initiatives/<int:pk>/judge/", initiative.judge, name="prove-judge"),
    path("initiatives/<int:pk>/milestones/", work.add_milestone, name="prove-milestone-add"),
    path("milestones/<int:pk>/reached/", work.reach_milestone, name="prove-milestone-reached"),
    path("initiatives/<int:pk>/blockers/", work.open_blocker, name="prove-blocker-open"),
    path("blockers/<int:pk>/cleared/", work.clear_blocker, name="prove-blocker-cleared"),
    path("initiatives/<int:pk>/affected/", work.add_affected, name="prove-affected-add"),
    *(
        path(f"affected/<int:pk>/{what}/", work.note_affected, {"what": what}, name=f"prove-affected-{what}")
        for what in ("told", "trained", "adopting")
    ),
    path("initiatives/<int:pk>/money/", money.claim, name="prove-money-claim"),
    path("money/<int:pk>/sign/", money.sign, name="prove-money-sign"),
    path("money/<int:pk>/refuse/", money.refuse, name="prove-money-refuse"),
    path("ledger/", money.ledger_page, name="prove-ledger"),
    path("ledger.csv", money.ledger_csv, name="prove-ledger-csv"),
]
