"""What every room uses: one module per subject."""
