"""Tags of the backlog's pages: `{% load decide %}`."""
