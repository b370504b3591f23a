"""Pages of the components themselves."""

from django.urls import path

from openxmo.office.ui import gallery

app_name = "ui"
urlpatterns = [path("gallery/", gallery.show, name="gallery")]
