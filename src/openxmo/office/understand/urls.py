"""The addresses of this room."""

from django.urls import path

from openxmo.office.understand.views import area, explore, measures, moved, people, signals, why

urlpatterns = [
    path("explore/", explore.explore, name="understand-explore"),
    path("signals/", signals.signals, name="understand-signals"),
    path("why/", why.why, name="understand-why"),
    path("moved/", moved.moved, name="understand-moved"),
    path("measures/", measures.measures, name="understand-measures"),
    path("measures/<str:key>/", measures.measure, name="understand-measure"),
    path("area/", area.area, name="understand-area"),
    path("people/", people.people, name="understand-people"),
    path("people/<path:subject>/", people.person, name="understand-person"),
]
