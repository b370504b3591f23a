"""This room's pages: cases, complaints, problems, recommendations, what was told back."""
