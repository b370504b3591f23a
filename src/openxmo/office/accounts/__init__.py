"""People who sign in, their roles and rights, and the record of who did what."""
