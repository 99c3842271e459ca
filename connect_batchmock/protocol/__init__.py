"""The rest-json protocol, driven by the service models of the installed botocore."""
