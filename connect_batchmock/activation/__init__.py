"""Activation of a mock: mock_connect, the decorators, the environment variables, and the guard of a run."""
