"""mock_connect as a context manager, a decorator and a pair of start and stop."""

from __future__ import annotations

import asyncio
import inspect
import io
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from connect_batchmock import ConnectMock, active_mock, mock_connect


def region() -> str:
    return active_mock().settings.region


def nothing_is_active() -> bool:
    with pytest.raises(RuntimeError, match="No mock_connect is active"):
        active_mock()
    return True


@pytest.fixture(autouse=True)
def nothing_stays_active() -> Iterator[None]:
    assert nothing_is_active()
    yield
    assert nothing_is_active()


def test_a_context_manager_is_active_inside_and_readable_after() -> None:
    with mock_connect(region="eu-west-2") as mock:
        assert active_mock() is mock
        instance = mock.add_instance()
    assert nothing_is_active()
    assert [instance.id for instance in mock.instances] == [instance.id]


def test_start_and_stop() -> None:
    mocking = mock_connect()
    mock = mocking.start()
    assert active_mock() is mock
    mocking.stop()
    assert nothing_is_active()


def test_nested_mocks_are_apart_and_the_innermost_is_active() -> None:
    with mock_connect() as outer:
        outer.add_instance()
        with mock_connect() as inner:
            assert active_mock() is inner
            assert len(inner.instances) == 0
        assert active_mock() is outer
        assert len(outer.instances) == 1


@pytest.mark.parametrize("times", [0, 1])
def test_stop_without_start_is_refused(times: int) -> None:
    mocking = mock_connect()
    for _ in range(times):
        mocking.start()
        mocking.stop()
    with pytest.raises(RuntimeError, match="not active"):
        mocking.stop()


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"regoin": "x"}, TypeError, "no setting 'regoin'; the settings are region, account_id"),
        ({"region": 5}, TypeError, "region takes str, not 5"),
        ({"strict": 1}, TypeError, "strict takes bool, not 1"),
        ({"seed": True}, TypeError, "seed takes int, not True"),
        ({"region": ""}, ValueError, "region takes the name"),
        ({"caller": "me"}, ValueError, "caller takes 'campaigns' or 'customer'"),
        ({"account_id": "12"}, ValueError, "account_id takes twelve digits"),
        ({"concurrent_calls": 0}, ValueError, "concurrent_calls takes an integer from 1 on, not 0"),
        ({"pending_requests": -1}, ValueError, "pending_requests takes an integer from 0 on, not -1"),
        ({"account_id": "\N{ARABIC-INDIC DIGIT ONE}" * 12}, ValueError, "account_id takes twelve digits"),
    ],
)
def test_invalid_settings_are_refused_when_the_mock_is_made(
    settings: dict[str, Any], error: Any, message: str
) -> None:
    with pytest.raises(error, match=message):
        mock_connect(**settings)


def test_only_functions_and_classes_are_decorated() -> None:
    with pytest.raises(TypeError, match="takes settings by keyword, or decorates"):
        mock_connect(5)  # type: ignore[call-overload]


# Functions


def test_a_function_is_decorated_without_arguments() -> None:
    @mock_connect
    def function(number: int, *, more: int) -> tuple[int, str]:
        """Say what it does."""
        return number + more, region()

    assert function(1, more=2) == (3, "us-east-1")
    assert (function.__name__, function.__doc__) == ("function", "Say what it does.")
    assert list(inspect.signature(function).parameters) == ["number", "more"]


def test_each_call_has_a_backend_of_its_own() -> None:
    seen: list[ConnectMock] = []

    @mock_connect(region="eu-west-2")
    def function() -> None:
        active_mock().add_instance()
        seen.append(active_mock())

    function()
    function()
    assert seen[0] is not seen[1]
    assert [len(mock.instances) for mock in seen] == [1, 1]
    assert seen[0].settings.region == "eu-west-2"


def test_a_function_that_raises_leaves_nothing_active() -> None:
    @mock_connect
    def function() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        function()
    assert nothing_is_active()


def test_a_coroutine_function_stays_one() -> None:
    @mock_connect(region="eu-west-2")
    async def function() -> str:
        await asyncio.sleep(0)
        return region()

    assert inspect.iscoroutinefunction(function)
    assert asyncio.run(function()) == "eu-west-2"


def test_a_generator_function_stays_one() -> None:
    @mock_connect
    def function() -> Any:
        got = yield region()
        try:
            yield got
        except KeyError:
            yield "caught"
        return "end"

    assert inspect.isgeneratorfunction(function)
    generator = function()
    assert next(generator) == "us-east-1"
    assert generator.send("sent") == "sent"
    assert generator.throw(KeyError()) == "caught"
    with pytest.raises(StopIteration, match="end"):
        next(generator)


def test_an_async_generator_function_stays_one() -> None:
    @mock_connect
    async def function() -> Any:
        got = yield region()
        try:
            yield got
        except KeyError:
            yield "caught"

    async def use() -> list[Any]:
        generator = function()
        seen = [await generator.asend(None), await generator.asend("sent")]
        seen.append(await generator.athrow(KeyError()))
        assert [item async for item in generator] == []
        return seen

    assert inspect.isasyncgenfunction(function)
    assert asyncio.run(use()) == ["us-east-1", "sent", "caught"]


def test_an_async_generator_is_closed_within_the_mock() -> None:
    closed_in: list[str] = []

    @mock_connect(region="eu-west-2")
    async def function() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            closed_in.append(region())

    async def use() -> None:
        generator: Any = function()
        assert await generator.asend(None) == 1
        await generator.aclose()

    asyncio.run(use())
    assert closed_in == ["eu-west-2"]


def test_static_and_class_methods_can_be_decorated_themselves() -> None:
    class Something:
        @mock_connect
        @staticmethod
        def static() -> str:
            return region()

        @mock_connect(region="eu-west-2")  # type: ignore[arg-type]
        @classmethod
        def of_class(cls) -> tuple[str, str]:
            return cls.__name__, region()

    assert Something().static() == "us-east-1"
    assert Something().of_class() == ("Something", "eu-west-2")


# Classes


def run_as_pytest_does(instance: Any, name: str) -> Any:
    method = getattr(instance, name)
    instance.setup_method(method)
    try:
        return method()
    finally:
        instance.teardown_method(method)


def test_a_class_has_the_mock_around_each_test() -> None:
    @mock_connect(region="eu-west-2")
    class Tests:
        test_data = dict

        def test_plain(self) -> str:
            return region()

        @staticmethod
        def test_static() -> str:
            return region()

        @classmethod
        def test_class(cls) -> str:
            return region()

        async def test_coroutine(self) -> str:
            return region()

        def other(self) -> bool:
            return nothing_is_active()

    tests = Tests()
    names = ["test_plain", "test_static", "test_class"]
    assert [getattr(tests, name)() for name in names] == ["eu-west-2"] * 3
    assert [run_as_pytest_does(tests, name) for name in names] == ["eu-west-2"] * 3
    assert inspect.iscoroutinefunction(tests.test_coroutine)
    assert asyncio.run(tests.test_coroutine()) == "eu-west-2"
    assert tests.other()
    assert Tests.test_data is dict


def test_set_up_test_and_tear_down_share_one_mock() -> None:
    seen: list[Any] = []

    @mock_connect
    class Plain:
        def setup_method(self) -> None:
            seen.append(active_mock())

        def test_it(self) -> None:
            seen.append(active_mock())

        def teardown_method(self) -> None:
            seen.append(active_mock())

    run_as_pytest_does(Plain(), "test_it")
    assert len(seen) == 3
    assert len(set(map(id, seen))) == 1


def test_set_up_and_tear_down_may_take_the_method() -> None:
    seen: list[str] = []

    @mock_connect
    class Taking:
        def setup_method(self, method: Callable[..., None]) -> None:
            seen.append(method.__name__)

        def test_it(self) -> None:
            seen.append(region())

        def teardown_method(self, method: Callable[..., None]) -> None:
            seen.append(method.__name__)

    run_as_pytest_does(Taking(), "test_it")
    assert seen == ["test_it", "us-east-1", "test_it"]


def test_a_set_up_that_raises_leaves_nothing_active() -> None:
    @mock_connect
    class Raising:
        def setup_method(self) -> None:
            raise KeyError("mine")

        def test_it(self) -> None:
            """Do nothing."""

    with pytest.raises(KeyError, match="mine"):
        Raising().setup_method()
    assert nothing_is_active()


def test_a_class_without_tests_is_refused() -> None:
    with pytest.raises(TypeError, match="class Empty, which has no method"):

        @mock_connect
        class Empty:
            pass


def test_the_mock_of_a_decorated_subclass_wins() -> None:
    @mock_connect(region="us-west-2")
    class Base:
        def test_it(self) -> str:
            return region()

    @mock_connect(region="eu-west-2")
    class Sub(Base):
        pass

    assert [Sub().test_it(), run_as_pytest_does(Sub(), "test_it")] == ["eu-west-2"] * 2
    assert [Base().test_it(), run_as_pytest_does(Base(), "test_it")] == ["us-west-2"] * 2


def test_the_decorator_of_a_method_wins_over_the_class() -> None:
    @mock_connect(region="us-west-2")
    class Tests:
        @mock_connect(region="eu-west-2")
        def test_it(self) -> str:
            return region()

    assert run_as_pytest_does(Tests(), "test_it") == "eu-west-2"


def test_a_subclass_may_replace_the_set_up() -> None:
    @mock_connect
    class Base:
        def test_it(self) -> str:
            return region()

    class Sub(Base):
        def setup_method(self, method: Any) -> None:
            """Do not call the base's."""

    assert run_as_pytest_does(Sub(), "test_it") == "us-east-1"


# unittest


def run_case(case: type[unittest.TestCase]) -> unittest.TestResult:
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
    return unittest.TextTestRunner(stream=io.StringIO()).run(suite)


def test_a_test_case_shares_one_mock_from_set_up_to_clean_up() -> None:
    seen: list[ConnectMock] = []

    @mock_connect(region="eu-west-2")
    class Case(unittest.TestCase):
        def setUp(self) -> None:
            seen.append(active_mock())
            self.addCleanup(lambda: seen.append(active_mock()))

        def test_it(self) -> None:
            seen.append(active_mock())

    assert run_case(Case).wasSuccessful()
    assert len(seen) == 3
    assert len(set(map(id, seen))) == 1


def test_an_async_test_case_and_decorated_subclasses() -> None:
    seen: list[str] = []

    @mock_connect(region="us-west-2")
    class Case(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            seen.append(region())

        async def test_it(self) -> None:
            seen.append(region())

    class Inheriting(Case):
        pass

    @mock_connect(region="eu-west-2")
    class Sub(Case):
        pass

    results = [run_case(case) for case in (Case, Inheriting, Sub)]
    assert all(result.wasSuccessful() and result.testsRun == 1 for result in results)
    assert seen == ["us-west-2"] * 4 + ["eu-west-2"] * 2
