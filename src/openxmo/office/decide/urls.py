"""The addresses of the backlog's pages, under /decide/."""

from django.urls import path

from openxmo.office.decide.views import backlog, deeds, items, noticing, others

urlpatterns = [
    path("", backlog.backlog, name="decide-backlog"),
    path("items/new/", items.new, name="decide-item-new"),
    path("items/<int:item_id>/", items.show, name="decide-item"),
    path("items/<int:item_id>/edit/", items.edit, name="decide-item-edit"),
    path("items/<int:item_id>/estimate/", deeds.estimate, name="decide-item-estimate"),
    path("items/<int:item_id>/feelings/", deeds.ask_feelings, name="decide-item-feelings"),
    path("items/<int:item_id>/state/", deeds.move, name="decide-item-move"),
    path("items/<int:item_id>/merge/", deeds.merge, name="decide-item-merge"),
    path("items/<int:item_id>/merge/undo/", deeds.undo, name="decide-item-unmerge"),
    path("items/<int:item_id>/evidence/", deeds.evidence, name="decide-item-evidence"),
    path(
        "items/<int:item_id>/evidence/<int:evidence_id>/drop/",
        deeds.drop_evidence,
        name="decide-item-evidence-drop",
    ),
    path("items/<int:item_id>/actual/", deeds.actual, name="decide-item-actual"),
    path("noticed/", noticing.listed, name="decide-noticed"),
    path("noticed/<int:notice_id>/evidence/", noticing.speak_for, name="decide-noticed-evidence"),
    path("duplicates/", others.duplicates, name="decide-duplicates"),
    path("experiences/", others.experiences, name="decide-experiences"),
    path("estimates/", others.estimators, name="decide-estimators"),
    path("words/", others.vocabulary, name="decide-vocabulary"),
    path("import/", others.import_file, name="decide-import"),
]
