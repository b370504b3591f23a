"""What is heard: surveys and their answers, imports, sources."""
