"""What happens every hour: one module a job, with `run(home, *, at) -> str`, which tells what it did."""
