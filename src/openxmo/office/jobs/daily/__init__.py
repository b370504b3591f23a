"""What happens every day, soon after midnight of the office's zone: modules with `run(home, *, at) -> str`."""
