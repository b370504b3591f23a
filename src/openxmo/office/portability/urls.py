"""The addresses of this room."""

from django.urls import path

from openxmo.office.portability import views

urlpatterns = [
    path("office-file/", views.file, name="office-file"),
    path("office-file/apply/", views.apply, name="office-file-apply"),
    path("office-file/download/", views.download, name="office-file-download"),
]
