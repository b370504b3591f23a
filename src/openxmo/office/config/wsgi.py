"""The server's entry: `granian --interface wsgi openxmo.office.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openxmo.office.config.settings")
application = get_wsgi_application()
