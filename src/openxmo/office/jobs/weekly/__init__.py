"""What happens every week, on Monday of the office's zone: a module for each job, with `run(home, *, at) -> str`."""
