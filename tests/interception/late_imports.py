"""Import host libraries in many orders inside a mock, each time as if for the first time in this process.

This runs in a process of its own, because it removes modules from ``sys.modules``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

HEADERS = {"Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/connect/aws4_request"}


def forget(*packages: str) -> None:
    """Take modules out of ``sys.modules``, as if they had never been loaded."""
    for name in list(sys.modules):
        if any(name == package or name.startswith(f"{package}.") for package in packages):
            del sys.modules[name]


def check_clients(mock: Any) -> None:
    instance_id = mock.add_instance().id
    import boto3
    import requests

    boto3.client("connect").describe_instance(InstanceId=instance_id)
    url = f"https://connect.us-east-1.amazonaws.com/instance/{instance_id}"
    assert requests.get(url, headers=HEADERS).json()["Instance"]["Id"] == instance_id
    # Other mocks work as well.
    responses = import_module("responses")
    with responses.RequestsMock() as others:
        others.get("https://example.com/", body="there")
        assert requests.get("https://example.com/").text == "there"
        assert requests.get(url, headers=HEADERS).status_code == 200
    moto = import_module("moto")
    with moto.mock_aws():
        assert boto3.client("s3").list_buckets()["Buckets"] == []
        boto3.client("connect").describe_instance(InstanceId=instance_id)


def within_a_mock(*modules: str) -> None:
    """Import modules inside a mock, in this order; then this mock and a later one answer every library."""
    from connect_batchmock import mock_connect

    forget("aioboto3", "aiobotocore", "moto", "requests", "responses")
    forget(*(f"connect_batchmock.interception.{name}" for name in ("aiobotocore", "moto", "requests")))
    finders = list(sys.meta_path)
    for _ in range(2):
        with mock_connect() as mock:
            for name in modules:
                import_module(name)
            check_clients(mock)
            assert len(mock.calls) == 4, mock.calls
    assert sys.meta_path == finders


def within_a_guard(*modules: str) -> None:
    """Import modules in this order under a guard is active, and check that it refuses their calls."""
    forget("aiobotocore", "boto3", "botocore", "connect_batchmock", "moto", "requests", "responses")
    libraries = import_module("connect_batchmock.interception.libraries")

    class RefusedError(Exception):
        pass

    def refuse(request: Any) -> None:
        raise RefusedError(request.url)

    def refuse_connection(host: str) -> None:
        raise RefusedError(host)

    def is_refused(call: Any) -> bool:
        try:
            call()
        except RefusedError:
            return True
        return False

    with libraries.refuse(refuse, refuse_connection):
        for name in modules:
            import_module(name)
        import boto3
        import requests

        client = boto3.client("connect", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        assert is_refused(client.list_instances)
        assert is_refused(lambda: requests.get("https://connect.us-east-1.amazonaws.com/", headers=HEADERS))


if __name__ == "__main__":
    way, *orders = sys.argv[1:]
    for order in orders:
        try:
            globals()[way](*order.split(","))
        except Exception as error:
            sys.stdout.write(f"{order}: {type(error).__name__}: {error}\n")
