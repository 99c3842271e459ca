"""A client of aiobotocore is answered like any other, whenever it was made."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import installed
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from factories import item_for

from connect_batchmock import (
    Campaign,
    ConnectMock,
    Instance,
    Queue,
    UnfakedOperationError,
    UnmockedCallError,
    active_mock,
    mock_connect,
)

installed.aiobotocore()

from aiobotocore.config import AioConfig
from aiobotocore.retries.bucket import AsyncTokenBucket
from aiobotocore.session import AioSession, get_session

MODES = {"legacy": 5, "standard": 3, "adaptive": 3}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """List every wait of this process, and skip it."""
    waited: list[float] = []
    sleep_of_asyncio = asyncio.sleep

    async def sleep(seconds: float, result: Any = None) -> Any:
        if seconds:
            waited.append(seconds)
        return await sleep_of_asyncio(0, result)

    async def acquire(bucket: Any, amount: int = 1, block: bool = True) -> bool:
        bucket._refill()
        await sleep(max(bucket._sleep_amount(amount), 0))
        return True

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(AsyncTokenBucket, "acquire", acquire)
    return waited


async def put(**parameters: Any) -> Any:
    async with get_session().create_client("connect") as client:
        return await client.batch_put_contact(**parameters)


def test_an_async_client_is_answered(connect_mock: ConnectMock, connect_instance: Instance) -> None:
    answer = asyncio.run(put(InstanceId=connect_instance.id, ContactDataRequestList=[{}]))
    assert answer["FailedRequestList"][0]["FailureReasonCode"] == "MISSING_CUSTOMER_ENDPOINT"
    assert connect_mock.calls.one().region == "us-east-1"


def test_an_async_client_gets_the_error_s_own_class(connect_mock: ConnectMock) -> None:
    with pytest.raises(ClientError) as caught:
        asyncio.run(put(InstanceId="gone", ContactDataRequestList=[{}]))
    assert type(caught.value).__name__ == "ResourceNotFoundException"


@pytest.mark.parametrize(("mode", "attempts"), MODES.items())
def test_an_async_client_does_not_wait_before_a_retry(
    connect_mock: ConnectMock, connect_instance: Instance, waits: list[float], mode: str, attempts: int
) -> None:
    async def call() -> Any:
        config = AioConfig(retries={"mode": mode})
        async with get_session().create_client("connect", config=config) as client:
            parameters = {"InstanceId": connect_instance.id, "ContactDataRequestList": [{}]}
            await client.batch_put_contact(**parameters)
            return await client.batch_put_contact(**parameters)

    connect_mock.fail("BatchPutContact", "LimitExceededException", times=attempts - 2)
    connect_mock.lose_response("BatchPutContact")
    answer = asyncio.run(call())
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    skipped = [bool(call.skipped_delay) for call in connect_mock.calls]
    assert skipped == [True] * (attempts - 1) + [False, False]
    assert not waits


# Clients made before, within and after


def a_client(**options: Any) -> Any:
    return get_session().create_client("connect", region_name="us-east-1", **options)


def parameters(mock: ConnectMock) -> dict[str, Any]:
    return {"InstanceId": mock.add_instance().id, "ContactDataRequestList": [{}]}


BACKENDS = [None, "aiohttp", "httpx"]


def config_for(backend: str | None) -> AioConfig | None:
    if backend is None:
        return None
    module = pytest.importorskip(
        {"aiohttp": "aiobotocore.httpsession", "httpx": "aiobotocore.httpxsession"}[backend],
        reason=f"this aiobotocore has no {backend}",
    )
    name = {"aiohttp": "AIOHTTPSession", "httpx": "HttpxSession"}[backend]
    try:
        return AioConfig(http_session_cls=getattr(module, name))
    except TypeError:
        pytest.skip("this aiobotocore has one kind of session only")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.filterwarnings("ignore:aiobotocore's httpx backend:DeprecationWarning")
def test_an_older_client_is_answered_only_inside_the_mock(backend: str | None, no_network: list[Any]) -> None:
    config = config_for(backend)

    async def go() -> None:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        async with a_client(config=config, **keys) as client:
            with mock_connect() as mock:
                mock.lose_response("BatchPutContact")
                await client.batch_put_contact(**parameters(mock))
            with mock_connect() as mock:
                await client.batch_put_contact(**parameters(mock))
                assert len(mock.calls) == 1

    asyncio.run(go())


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.filterwarnings("ignore:aiobotocore's httpx backend:DeprecationWarning")
def test_a_client_made_within_is_answered(connect_mock: ConnectMock, backend: str | None) -> None:
    config = config_for(backend)

    async def go() -> None:
        async with a_client(config=config) as client:
            await client.batch_put_contact(**parameters(connect_mock))

    asyncio.run(go())
    assert len(connect_mock.calls) == 1


def test_a_client_without_credentials_is_answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    async def go(credentials: str) -> None:
        session = AioSession(profile="a-profile-that-exists-nowhere")
        async with a_client() as before:
            with mock_connect(credentials=credentials) as mock:
                await before.batch_put_contact(**parameters(mock))
                async with a_client() as within:
                    await within.batch_put_contact(**parameters(mock))
            with mock_connect() as mock:
                async with session.create_client("connect", region_name="us-east-1") as named:
                    await named.batch_put_contact(**parameters(mock))

    asyncio.run(go("fake"))
    asyncio.run(go("keep"))


def test_a_real_key_does_not_sign_while_mocked() -> None:
    signed: list[str] = []

    def note(request: Any, **_: Any) -> None:
        signed.append(str(request.headers["Authorization"]))

    async def go(key: str) -> ConnectMock:
        async with a_client(aws_access_key_id=key, aws_secret_access_key="x") as client:
            client.meta.events.register("before-send", note)
            with mock_connect() as mock, suppress(ClientError):
                await client.batch_put_contact(**parameters(mock))
        return mock

    asyncio.run(go("AKIAIOSFODNN7EXAMPLE"))
    mock = asyncio.run(go("210987654321"))
    assert "Credential=connect-batchmock/" in signed[0]
    assert "Credential=210987654321/" in signed[1]
    assert mock.calls[0].account_id == "210987654321"


def test_concurrent_calls_lose_and_repeat_nothing(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
) -> None:
    def item(number: int) -> dict[str, Any]:
        return item_for(connect_queue, connect_campaign, f"+1555555{number:04}")

    async def go() -> list[Any]:
        async with a_client() as client:
            calls = (
                client.batch_put_contact(
                    InstanceId=connect_instance.id, ContactDataRequestList=[item(n)], ClientToken=str(n % 100)
                )
                for n in range(100)
            )
            return await asyncio.gather(*calls)

    connect_mock.lose_response("BatchPutContact", times=30)
    connect_mock.fail("BatchPutContact", 503, times=30)
    answers = asyncio.run(go())
    ids = [answer["SuccessfulRequestList"][0]["ContactId"] for answer in answers]
    assert sorted(ids) == sorted(contact.id for contact in connect_mock.contacts)
    assert len(set(ids)) == 100
    assert len(connect_mock.calls) == 160
    connect_mock.assert_no_double_dials()


def test_an_unfaked_operation_is_refused(connect_mock: ConnectMock) -> None:
    async def go() -> None:
        async with a_client() as client:
            await client.list_prompts(InstanceId="i")

    with pytest.raises(UnfakedOperationError, match="ListPrompts"):
        asyncio.run(go())
    connect_mock.reset()


def test_an_attached_client_is_answered_without_any_active_mock() -> None:
    mock = ConnectMock()

    async def go() -> None:
        async with a_client(aws_access_key_id="x", aws_secret_access_key="x") as client:
            mock.attach(client)
            mock.fail("BatchPutContact", 500)
            await client.batch_put_contact(**parameters(mock))

    asyncio.run(go())
    assert (mock.calls[0].skipped_delay or 0) > 0


@mock_connect
async def decorated() -> ConnectMock:
    mock = active_mock()
    async with a_client() as client:
        await client.batch_put_contact(**parameters(mock))
    return mock


def test_a_decorated_coroutine_function_is_mocked_while_it_runs() -> None:
    assert len(asyncio.run(decorated()).calls) == 1


@pytest.mark.asyncio
async def test_with_pytest_asyncio(connect_mock: ConnectMock) -> None:
    async with a_client() as client:
        await client.batch_put_contact(**parameters(connect_mock))
    assert len(connect_mock.calls) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_with_anyio(connect_mock: ConnectMock, anyio_backend: str) -> None:
    async with a_client() as client:
        await client.batch_put_contact(**parameters(connect_mock))
    assert len(connect_mock.calls) == 1


LATE = """
import asyncio, sys, time
from connect_batchmock import mock_connect

async def put(session, mock):
    async with session.create_client("connect") as client:
        await client.batch_put_contact(InstanceId=mock.add_instance().id, ContactDataRequestList=[{}])

slept = []
asyncio_sleep = asyncio.sleep
async def sleep(seconds, result=None):
    slept.append(seconds)
asyncio.sleep = sleep

with mock_connect() as mock:
    assert "aiobotocore" not in sys.modules
    mock.fail("BatchPutContact", 503, times=2)
    from aiobotocore.session import AioSession
    asyncio.run(put(AioSession(profile="a-profile-that-exists-nowhere"), mock))
    assert [bool(call.skipped_delay) for call in mock.calls] == [True, True, False], mock.calls
    assert not any(slept), slept

from aiobotocore.endpoint import AioEndpoint
for name in ("_send", "_needs_retry"):
    assert AioEndpoint.__dict__[name].__module__ == "aiobotocore.endpoint"
    assert not hasattr(AioEndpoint.__dict__[name], "__wrapped__")
print("done")
"""


def test_aiobotocore_can_be_imported_inside_a_mock(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", LATE],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr


def test_a_client_of_aioboto3_is_answered() -> None:
    aioboto3 = pytest.importorskip("aioboto3", reason="there is no aioboto3 for this botocore")

    async def go() -> None:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        session = aioboto3.Session(region_name="us-east-1", **keys)
        async with session.client("connect") as before:
            with mock_connect() as mock:
                await before.batch_put_contact(**parameters(mock))
                async with session.client("connect") as within:
                    await within.batch_put_contact(**parameters(mock))
                async with aioboto3.Session(profile_name="nowhere").client("connect") as named:
                    await named.batch_put_contact(**parameters(mock))
                assert len(mock.calls) == 3

    asyncio.run(go())


EARLY = """
import asyncio, sys
from aiobotocore.session import get_session
from connect_batchmock import mock_connect

async def go():
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    async with get_session().create_client("connect", region_name="us-east-1", **keys) as client:
        with mock_connect() as mock:
            items = [{}]
            mock.lose_response("BatchPutContact")
            await client.batch_put_contact(InstanceId=mock.add_instance().id, ContactDataRequestList=items)
            assert [bool(call.skipped_delay) for call in mock.calls] == [True, False], mock.calls

asyncio.run(go())
assert "moto" not in sys.modules
print("done")
"""


def test_a_client_made_before_is_answered_where_no_neighbor_is(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EARLY], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.filterwarnings("ignore:aiobotocore's httpx backend:DeprecationWarning")
def test_only_a_passed_through_call_connects(resolved: list[str], backend: str | None) -> None:
    host = "connect.us-east-1.amazonaws.com"
    config = AioConfig(retries={"total_max_attempts": 1}).merge(config_for(backend) or AioConfig())

    async def go() -> None:
        async with a_client(config=config) as client:
            called = asyncio.create_task(client.list_prompts(InstanceId="i"))
            opened = asyncio.create_task(asyncio.open_connection(host, 443))
            with pytest.raises(EndpointConnectionError):
                await called
            with pytest.raises(UnmockedCallError):
                await opened

    with mock_connect(unfaked="passthrough", strict=False):
        asyncio.run(go())
    assert resolved == [host]
