"""The pages of this room, each a question."""
