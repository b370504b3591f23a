"""The way in: batches are made durable, rows are judged, and one writer at a time stores them with their receipt."""
