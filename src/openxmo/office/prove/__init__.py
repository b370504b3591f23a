"""Whether it worked: initiatives, verdicts and the ledger."""
