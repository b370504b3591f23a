"""What is done with signals once they are in: marks, withdrawal, compaction, erasure, backup, upgrade, a check-up."""
