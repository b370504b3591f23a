"""What all pages look like: the frame, the components and their gallery."""
