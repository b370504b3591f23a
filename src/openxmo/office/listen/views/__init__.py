"""The pages of the listen room."""
