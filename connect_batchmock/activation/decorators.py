"""The decorators of a mock, for functions, coroutine functions, generators and test classes."""

from __future__ import annotations

import inspect
import sys
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial, wraps
from typing import Any, Protocol

_ORIGINAL = "_connect_batchmock_original"


class Startable(Protocol):
    """A mock to activate: entering or starting it makes it active."""

    @property
    def is_started(self) -> bool: ...

    def start(self) -> object: ...

    def assert_strict(self) -> None: ...

    def release(self) -> None: ...

    def __enter__(self) -> object: ...

    def __exit__(self, *exception: object) -> None: ...


Enter = Callable[[], AbstractContextManager[Any]]


def _decorate_function(enter: Enter, function: Any) -> Any:
    if inspect.isasyncgenfunction(function):
        wrapper = _within_async_generator(enter, function)
    elif inspect.isgeneratorfunction(function):
        wrapper = _within_generator(enter, function)
    elif inspect.iscoroutinefunction(function):
        wrapper = _within_coroutine(enter, function)
    else:
        wrapper = _within_call(enter, function)
    return wraps(function)(wrapper)


def _within_call(enter: Enter, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with enter():
            return function(*args, **kwargs)

    return wrapper


def _within_coroutine(enter: Enter, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        with enter():
            return await function(*args, **kwargs)

    return wrapper


def _within_generator(enter: Enter, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with enter():
            return (yield from function(*args, **kwargs))

    return wrapper


def _within_async_generator(enter: Enter, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator = function(*args, **kwargs)
        with enter():
            step = generator.asend(None)
            # Asynchronous generators have no ``yield from``.
            while True:
                try:
                    value = await step
                except StopAsyncIteration:
                    return
                try:
                    sent = yield value
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as error:
                    step = generator.athrow(error)
                else:
                    step = generator.asend(sent)

    return wrapper


def decorate_class(mock: Startable, test_class: Any) -> Any:
    """Make the mock active around each test of a class, including its setup and teardown.

    Raises:
        TypeError: the class has no tests.
    """
    if "unittest" in sys.modules and issubclass(test_class, sys.modules["unittest"].TestCase):
        # run() wraps setUp, the test, tearDown and the cleanups, for subclasses as well.
        test_class.run = _instead_of(test_class.run, partial(_within_run, mock))
        return test_class
    tests = _tests(name for name, _ in inspect.getmembers(test_class, inspect.isroutine))
    if not tests:
        raise TypeError(
            f"mock_connect was applied to the class {test_class.__name__}, which has no method whose "
            f"name starts with 'test'."
        )
    _decorate_tests(mock, test_class, tests)
    _decorate_tests_of_subclasses(mock, test_class)
    _start_in_setup_method(mock, test_class)
    _release_in_teardown_method(mock, test_class)
    return test_class


def _within_run(mock: Startable, run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def wrapper(case: Any, *args: Any, **kwargs: Any) -> Any:
        mock.start()
        try:
            with _strict_test_method(mock, case):
                return run(case, *args, **kwargs)
        finally:
            mock.release()

    return wrapper


@contextmanager
def _strict_test_method(mock: Startable, case: Any) -> Iterator[None]:
    """Make the test method of a case assert strictness; run() does not return whether the test passed."""
    name = case._testMethodName
    # pytest sets the method on the instance, too.
    before = vars(case).get(name)
    setattr(case, name, _decorate_function(lambda: _strict(mock), getattr(case, name)))
    try:
        yield
    finally:
        delattr(case, name)
        if before is not None:
            setattr(case, name, before)


def _tests(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith("test")]


def _decorate_tests(mock: Startable, test_class: Any, names: Iterable[str]) -> None:
    for name in names:
        setattr(test_class, name, _decorated_method(mock, inspect.getattr_static(test_class, name)))


def _decorate_tests_of_subclasses(mock: Startable, test_class: Any) -> None:
    """Decorate the tests that a subclass adds: its setup starts the mock as well."""
    original = test_class.__dict__.get("__init_subclass__")

    def __init_subclass__(subclass: Any, /, **kwargs: Any) -> None:
        if original is None:
            super(test_class, subclass).__init_subclass__(**kwargs)
        else:
            original.__func__(subclass, **kwargs)
        added = [name for name, value in vars(subclass).items() if inspect.isroutine(value)]
        _decorate_tests(mock, subclass, _tests(added))

    test_class.__init_subclass__ = classmethod(__init_subclass__)


def _decorated_method(mock: Startable, method: Any) -> Any:
    def enter() -> AbstractContextManager[Any]:
        # Under pytest, setup_method has started the mock. A direct call of the test method starts it here.
        return _strict(mock) if mock.is_started else mock

    return _apply(lambda function: _instead_of(function, partial(_decorate_function, enter)), method)


@contextmanager
def _strict(mock: Startable) -> Iterator[None]:
    """Assert strictness at the end of a test that passed, before its teardown."""
    __tracebackhide__ = True
    yield
    mock.assert_strict()


def decorate_method(enter: Enter, method: Any) -> Any:
    """Enter a context around each call of a function or method; a static or class method stays one."""
    return _apply(partial(_decorate_function, enter), method)


def _apply(decorate: Callable[[Any], Any], method: Any) -> Any:
    if isinstance(method, (staticmethod, classmethod)):
        return type(method)(decorate(method.__func__))
    return decorate(method)


def _instead_of(function: Any, decorate: Callable[[Any], Any]) -> Any:
    """Decorate a method anew, without the decorator of a base class: the mock of the subclass wins."""
    original = getattr(function, _ORIGINAL, function)
    decorated = decorate(original)
    setattr(decorated, _ORIGINAL, original)
    return decorated


def _start_in_setup_method(mock: Startable, test_class: Any) -> None:
    def around(original: Callable[..., None]) -> Callable[..., None]:
        def setup_method(self: Any, method: Any = None) -> None:
            mock.start()
            try:
                _call_with_method(original, self, method)
            except BaseException:
                mock.release()
                raise

        return setup_method

    test_class.setup_method = _instead_of(getattr(test_class, "setup_method", _nothing), around)


def _release_in_teardown_method(mock: Startable, test_class: Any) -> None:
    def around(original: Callable[..., None]) -> Callable[..., None]:
        def teardown_method(self: Any, method: Any = None) -> None:
            try:
                _call_with_method(original, self, method)
            finally:
                # The setup_method of a subclass may not have called this one.
                if mock.is_started:
                    mock.release()

        return teardown_method

    test_class.teardown_method = _instead_of(getattr(test_class, "teardown_method", _nothing), around)


def _nothing(self: Any) -> None:
    """Stand in for a setup or teardown that the class lacks."""


def _call_with_method(function: Callable[..., None], self: Any, method: Any) -> None:
    # pytest passes the test method to a setup or teardown that takes it.
    takes_method = len(inspect.signature(function).parameters) > 1
    function(self, method) if takes_method else function(self)
