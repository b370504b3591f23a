"""The addresses of the listen room; those under `s/` are for people who are asked."""

from django.urls import path

from openxmo.office.listen.views import coverage, imports, noticing, public, surveys, uploads

app_name = "listen"

urlpatterns = [
    path("s/<str:token>/", public.answer, name="answer"),
    path("s/<str:token>/thanks/", public.thanks, name="thanks"),
    path("s/<str:token>/no/", public.refuse_survey, name="refuse"),
    path("", coverage.coverage, name="coverage"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/asked/", surveys.asked, name="asked"),
    path("surveys/<slug:key>/open/", surveys.make_link, name="make_link"),
    path("links/<int:key>/", surveys.opening, name="opening"),
    path("links/<int:key>/ask/", surveys.ask, name="ask"),
    path("links/<int:key>/close/", surveys.close, name="close"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<str:key>/", imports.one_import, name="import"),
    path("imports/<str:key>/rejects.csv", imports.rejects, name="rejects"),
    path("imports/<str:key>/undo/", imports.undo, name="undo"),
    path("files/", uploads.begin, name="begin"),
    path("files/<int:key>/", uploads.file, name="file"),
    path("files/<int:key>/store/", uploads.store, name="store"),
    path("files/<int:key>/stop/", uploads.stop, name="stop"),
    path("files/<int:key>/measure/", uploads.measure, name="measure"),
    path("files/<int:key>/mapping.toml", uploads.mapping, name="mapping"),
    path("noticed/", noticing.noticed, name="noticed"),
]
