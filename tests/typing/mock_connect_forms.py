"""Each form of mock_connect keeps the types of the object that it decorates."""

from __future__ import annotations

import unittest
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

from typing_extensions import assert_type

from connect_batchmock import ConnectMock, ConnectMockSettings, active_mock, mock_connect
from connect_batchmock.activation.mock_connect import MockConnect


def as_a_context_manager() -> int:
    with mock_connect() as mock:
        assert_type(mock, ConnectMock)
    with mock_connect(region="eu-west-2", caller="customer", strict=False, seed=7) as other:
        assert_type(other, ConnectMock)
        # The mock does not swallow exceptions, so the next line is reached in one way only.
        return 1


def by_start_and_stop() -> None:
    mock = mock_connect()
    assert_type(mock, MockConnect)
    assert_type(mock.start(), ConnectMock)
    assert_type(mock.is_started, bool)
    assert_type(active_mock(), ConnectMock)
    mock.stop()


@mock_connect
def bare(lead: str, *, times: int = 1) -> list[str]:
    return [lead] * times


@mock_connect(region="eu-west-2")
def with_settings(lead: str, *, times: int = 1) -> list[str]:
    return [lead] * times


@mock_connect
async def bare_coroutine(lead: str) -> bytes:
    return lead.encode()


@mock_connect(unfaked="passthrough", credentials="keep")
async def coroutine_with_settings(lead: str) -> bytes:
    return lead.encode()


@mock_connect
def bare_generator(lead: str) -> Generator[str, int, bool]:
    yield lead
    return True


@mock_connect(account_id="999999999999")
def generator_with_settings(lead: str) -> Generator[str, int, bool]:
    yield lead
    return True


@mock_connect(concurrent_calls=5, pending_requests=10, requests_per_second=3)
async def asynchronous_generator(lead: str) -> AsyncGenerator[str, None]:
    yield lead


@mock_connect
class TestBare:
    lead = "7"

    def test_it(self) -> None:
        assert_type(self.lead, str)


@mock_connect(region="eu-west-2")
class TestWithSettings(unittest.TestCase):
    def test_it(self) -> None: ...


class TestMethods:
    @mock_connect
    def test_bare(self, number: int) -> None: ...

    @mock_connect(seed=1)
    def test_with_settings(self, number: int) -> None: ...

    @staticmethod
    @mock_connect
    def test_static(number: int) -> str:
        return str(number)

    @classmethod
    @mock_connect
    def test_class(cls, number: int) -> str:
        return str(number)


async def decorated_functions_keep_their_signature() -> None:
    assert_type(bare("7"), list[str])
    assert_type(with_settings("7", times=2), list[str])
    assert_type(await bare_coroutine("7"), bytes)
    assert_type(await coroutine_with_settings("7"), bytes)
    assert_type(bare_generator("7"), Generator[str, int, bool])
    assert_type(generator_with_settings("7"), Generator[str, int, bool])
    assert_type(asynchronous_generator("7"), AsyncGenerator[str, None])
    bare(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with_settings("7", tmes=2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def decorated_classes_stay_what_they_are() -> None:
    assert_type(TestBare(), TestBare)
    assert_type(TestBare.lead, str)
    assert_type(TestWithSettings("test_it"), TestWithSettings)
    assert_type(TestMethods().test_bare(7), None)
    assert_type(TestMethods().test_with_settings(7), None)
    assert_type(TestMethods.test_static(7), str)
    assert_type(TestMethods.test_class(7), str)


def decorates_what_is_passed(function: Callable[[int], str]) -> None:
    assert_type(mock_connect(function), Callable[[int], str])
    assert_type(mock_connect(strict=False)(function), Callable[[int], str])


def takes_a_dict_of_settings(settings: ConnectMockSettings, others: dict[str, Any]) -> None:
    with mock_connect(**settings) as mock, mock_connect(**others):
        assert_type(mock, ConnectMock)


def wrong_settings() -> None:
    mock_connect(regoin="eu-west-2")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    mock_connect(seed="7")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    mock_connect(caller="costumer")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    mock_connect("eu-west-2")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    ConnectMock(regoin="eu-west-2")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ConnectMock(seed="7")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    settings: ConnectMockSettings = {"regoin": "eu-west-2"}  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportAssignmentType]
    mock_connect(**settings)
