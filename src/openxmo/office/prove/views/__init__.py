"""The pages of the prove room, one module for each question."""
