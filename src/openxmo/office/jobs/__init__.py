"""What the clock starts: the folder a job lies in says how often."""
