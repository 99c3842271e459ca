"""What a test holds of the backend, what it reads of what happened, and what it is told."""
