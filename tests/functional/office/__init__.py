"""The office as people see it: real processes, a browser, and what stands on the pages to read."""
