"""The sample organisation's story, told in the terminal: each step asks a real question and shows its answer."""
