"""The pages of the backlog, one module for each question."""
