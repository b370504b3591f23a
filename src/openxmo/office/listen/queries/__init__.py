"""What the listen room is asked: surveys and who answered, imports, what a first file tells."""
