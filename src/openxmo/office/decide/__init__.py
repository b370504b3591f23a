"""What to improve next: the backlog and its rankings."""
