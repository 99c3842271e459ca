"""A host library renames a private name: a shortcut is skipped, a required name is reported."""

from __future__ import annotations

import asyncio
import gc
import inspect
import re
import sys
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from types import CodeType, FunctionType
from typing import Any

import boto3
import botocore.handlers
import botocore.session
import moto.core.models
import pytest
import requests
import responses
from botocore.endpoint import Endpoint
from botocore.signers import RequestSigner
from moto.core.botocore_stubber import BotocoreStubber
from requests.adapters import HTTPAdapter

from connect_batchmock import IncompatibleLibraryError, mock_connect
from connect_batchmock.cli import main
from connect_batchmock.interception.shortcuts import SHORTCUTS, Shortcut

HEADERS = {"Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/connect/aws4_request"}
Rename = Callable[[Any, str], None]


def renamed(code: CodeType, name: str) -> CodeType:
    """Return the code with a name replaced, also in its nested functions."""
    return code.replace(
        co_names=tuple(f"{name}_new" if used == name else used for used in code.co_names),
        co_consts=tuple(
            renamed(value, name) if isinstance(value, CodeType) else value for value in code.co_consts
        ),
    )


def mentions(code: CodeType, name: str) -> bool:
    return name in code.co_names or any(
        mentions(value, name) for value in code.co_consts if isinstance(value, CodeType)
    )


@cache
def functions_in(place: str) -> list[FunctionType]:
    """Return the functions of a library or of one of its modules."""
    functions = [item for item in gc.get_objects() if isinstance(item, FunctionType)]
    return [function for function in functions if f"{function.__module__}.".startswith(f"{place}.")]


def places_of(owner: Any, name: str) -> set[str]:
    """Return the modules that use a name: the whole library, or those of the classes with the attribute."""
    if inspect.ismodule(owner):
        return {owner.__name__.partition(".")[0]}
    modules = {kind.__module__ for kind in owner.__mro__[:-1]}
    return {module.partition(".")[0] for module in modules} if name in vars(owner) else modules


@pytest.fixture
def rename(monkeypatch: pytest.MonkeyPatch) -> Rename:
    """Rename a name of a library at its is defined and at its is used, as a new version would."""

    def make(owner: Any, name: str) -> None:
        places = places_of(owner, name)
        for place in [owner] if inspect.ismodule(owner) else owner.__mro__:
            if name in vars(place):
                value = vars(place)[name]
                monkeypatch.delattr(place, name)
                monkeypatch.setattr(place, f"{name}_new", value, raising=False)
        for function in {function for place in places for function in functions_in(place)}:
            if mentions(function.__code__, name):
                monkeypatch.setattr(function, "__code__", renamed(function.__code__, name))

    return make


def use_an_older_client() -> None:
    client = boto3.Session("a", "b", region_name="us-east-1").client("connect")
    # If moto is loaded, its handler would respond.
    client.meta.events.unregister("before-send", moto.core.models.botocore_stubber)
    with mock_connect():
        client.list_instances()


def use_boto3() -> None:
    with mock_connect(strict=False) as mock:
        instance_id = mock.add_instance().id
        for client in (boto3.client("connect"), mock.client()):
            mock.fail("DescribeInstance", 500)
            answer = client.describe_instance(InstanceId=instance_id)
            assert answer["Instance"]["Id"] == instance_id
            assert mock.calls[-1].attempt == 2
        adaptive = boto3.client("connect", config=botocore.config.Config(retries={"mode": "adaptive"}))
        mock.fail("DescribeInstance", "ThrottlingException", status=429)
        adaptive.describe_instance(InstanceId=instance_id)


def use_aiobotocore() -> None:
    session = import_module("aiobotocore.session")

    async def call() -> None:
        with mock_connect(strict=False) as mock:
            mock.fail("ListInstances", 500)
            async with session.get_session().create_client("connect") as client:
                await client.list_instances()
            assert mock.calls[-1].attempt == 2

    asyncio.run(call())


def use_requests() -> None:
    with mock_connect(), responses.RequestsMock():
        requests.get("https://connect.us-east-1.amazonaws.com/instance", headers=HEADERS)


def use_moto() -> None:
    with mock_connect():
        client = boto3.client("connect")
        client.list_instances()
    with moto.mock_aws():
        client.list_instances()


def owner_of(shortcut: Shortcut) -> Any:
    module = import_module(shortcut.module)
    kind = shortcut.name.rpartition(".")[0]
    return getattr(module, kind) if kind else module


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: shortcut.name)
def test_a_missing_shortcut_is_skipped_and_listed(
    shortcut: Shortcut, rename: Rename, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(shortcut.library, reason="there is no aiobotocore for this botocore")

    async def no_sleep(seconds: float) -> None:
        """Do not wait."""

    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(asyncio, "sleep", no_sleep)
    rename(owner_of(shortcut), shortcut.name.rpartition(".")[2])

    use_boto3()
    if shortcut.library == "aiobotocore":
        use_aiobotocore()

    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    name = f"{shortcut.library} {version(shortcut.library)} has no {shortcut.name}"
    lines = capsys.readouterr().out.splitlines()
    assert f"left out, as {name}: {shortcut.saves}" in lines[1:]


def test_no_shortcut_is_missing_with_the_installed_versions(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"connect-batchmock {version('connect-batchmock')}\n"


def test_a_library_that_is_not_installed_is_not_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("connect_batchmock.interception.shortcuts.find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert len(capsys.readouterr().out.splitlines()) == 1


NEEDED = [
    (use_boto3, Endpoint, "_send", "botocore"),
    (use_boto3, RequestSigner, "get_auth_instance", "botocore"),
    (use_boto3, RequestSigner, "_credentials", "botocore"),
    (use_boto3, botocore.session.Session, "get_credentials", "botocore"),
    (use_boto3, botocore.session.Session, "get_scoped_config", "botocore"),
    (use_boto3, botocore.session.Session, "_credentials", "botocore"),
    (use_boto3, botocore.handlers, "BUILTIN_HANDLERS", "botocore"),
    (use_an_older_client, Endpoint, "_endpoint_prefix", "botocore"),
    (use_requests, HTTPAdapter, "send", "requests"),
    (use_requests, responses.RequestsMock, "_on_request", "responses"),
    (use_moto, BotocoreStubber, "__call__", "moto"),
    (use_moto, moto.core.models, "botocore_stubber", "moto"),
]
ASYNC_NEEDED = [
    ("endpoint.AioEndpoint", "_send"),
    ("signers.AioRequestSigner", "get_auth_instance"),
    ("session.AioSession", "get_credentials"),
]


def sentence(library: str, name: str) -> str:
    ours, its = re.escape(version("connect-batchmock")), re.escape(version(library))
    return rf"^connect_batchmock {ours} does not work with {library} {its}: [\w.]+ has no {name}\. Install a"


@pytest.mark.parametrize(
    ("use", "owner", "name", "library"), NEEDED, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_missing_name_is_reported_in_one_sentence(
    use: Callable[[], None], owner: Any, name: str, library: str, rename: Rename
) -> None:
    rename(owner, name)
    with pytest.raises(IncompatibleLibraryError, match=sentence(library, name)):
        use()


@pytest.mark.parametrize(("owner", "name"), ASYNC_NEEDED)
def test_a_missing_name_of_aiobotocore_is_reported(
    owner: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("aiobotocore", reason="there is no aiobotocore for this botocore")
    module, kind = owner.split(".")
    monkeypatch.delattr(getattr(import_module(f"aiobotocore.{module}"), kind), name)
    with pytest.raises(IncompatibleLibraryError, match=sentence("aiobotocore", name)):
        use_aiobotocore()


def test_a_name_missing_from_a_late_import_is_raised_on_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(HTTPAdapter, "send")
    monkeypatch.delitem(sys.modules, "requests")
    with pytest.raises(IncompatibleLibraryError, match=sentence("requests", "send")), mock_connect():
        import_module("requests")


def test_an_incompatible_library_does_not_hide_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(HTTPAdapter, "send")
    monkeypatch.delitem(sys.modules, "requests")
    with pytest.raises(KeyError, match="mine"), mock_connect():  # noqa: PT012
        import_module("requests")
        raise KeyError("mine")
