"""Tags and filters: `{% load ui %}`."""
