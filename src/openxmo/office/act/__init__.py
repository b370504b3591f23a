"""Cases and their clocks, and what is asked of other teams."""
