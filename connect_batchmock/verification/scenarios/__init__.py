"""The scenarios: stories over boto3 clients alone, which know nothing of the mock."""
