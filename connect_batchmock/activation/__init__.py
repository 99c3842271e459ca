"""How a mock becomes active: mock_connect, what it decorates, and the guard of a test run."""
