"""What the pages that look across all rooms need besides the components."""
