"""Other mocks that live in the same process."""
