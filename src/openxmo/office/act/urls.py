"""The addresses of this room's pages."""

from django.urls import path

from openxmo.office.act.views import cases, complaints, desk, linked, notes, problems, recommendations

urlpatterns = [
    path("cases/", desk.desk, name="act-cases"),
    path("cases/all/", desk.bulk, name="act-bulk"),
    path("cases/<int:key>/", cases.show, name="act-case"),
    path("cases/<int:key>/take/", cases.take, name="act-case-take"),
    path("cases/<int:key>/reply/", cases.reply, name="act-case-reply"),
    path("cases/<int:key>/note/", cases.note, name="act-case-note"),
    path("cases/<int:key>/cause/", cases.cause, name="act-case-cause"),
    path("cases/<int:key>/resolve/", cases.resolve, name="act-case-resolve"),
    path("cases/<int:key>/reopen/", cases.reopen, name="act-case-reopen"),
    path("cases/<int:key>/give-up/", cases.give_up, name="act-case-give-up"),
    path("cases/<int:key>/dismiss/", cases.dismiss, name="act-case-dismiss"),
    path("complaints/", complaints.complaints, name="act-complaints"),
    path("complaints/possible/<int:key>/", complaints.judge, name="act-possible"),
    path("problems/", problems.problems, name="act-problems"),
    path("problems/<int:key>/", problems.problem, name="act-problem"),
    path("causes/<slug:key>/archive/", problems.archive_cause, name="act-cause-archive"),
    path("recommendations/", recommendations.asked_of_others, name="act-asked-of-others"),
    path("recommendations/new/", recommendations.new, name="act-recommendation-new"),
    path("recommendations/<int:key>/", recommendations.show, name="act-recommendation"),
    path("recommendations/<int:key>/answer/", recommendations.answer, name="act-recommendation-answer"),
    path("recommendations/<int:key>/settle/", recommendations.settle, name="act-recommendation-settle"),
    path("recommendations/<int:key>/block/", recommendations.block, name="act-recommendation-block"),
    path("asked-of-us/", recommendations.asked_of_us, name="act-asked-of-us"),
    path("levers/", recommendations.levers, name="act-levers"),
    path("stuck/", recommendations.stuck, name="act-stuck"),
    path("stuck/<int:key>/clear/", recommendations.clear, name="act-blocker-clear"),
    path("you-said-we-did/", notes.notes, name="act-notes"),
    path("you-said-we-did/<slug:slug>/", notes.note, name="act-note"),
    path("you-said-we-did/<slug:slug>/publish/", notes.publish, name="act-note-publish"),
    path("you-said-we-did/<slug:slug>/told/", notes.told, name="act-note-told"),
    path("answer/<str:token>/", linked.answer, name="act-answer"),
    path("did-this-help/<str:token>/", linked.confirm, name="act-confirm"),
]
