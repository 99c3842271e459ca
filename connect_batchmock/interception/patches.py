"""Patches: they replace what a host library does while a mock is active, and name what a library lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from types import ModuleType
from typing import Any

from connect_batchmock.domain.errors import ConnectBatchmockError

Make = Callable[[Any], Any]


class IncompatibleLibraryError(ConnectBatchmockError, RuntimeError):
    """A host library lacks a private name that this version of connect_batchmock needs.

    Args:
        library: the name of the library's distribution.
        reason: what is missing.
    """

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(
            f"connect_batchmock {version('connect-batchmock')} does not work with {library} "
            f"{version(library)}: {reason.rstrip('.')}. Install a newer connect_batchmock, or another "
            f"version of {library}."
        )


def needed(owner: Any, name: str) -> Any:
    """Return an attribute of an object of a host library.

    Raises:
        IncompatibleLibraryError: the object has no such attribute.
    """
    try:
        return getattr(owner, name)
    except AttributeError:
        raise IncompatibleLibraryError(_library_of(owner), f"{_path_of(owner)} has no {name}") from None


@contextmanager
def replaced(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Replace a method of a class, or a function of a module, with what ``make`` returns for it.

    Raises:
        IncompatibleLibraryError: the owner has no such method or function of its own.
    """
    if name not in vars(owner):
        raise IncompatibleLibraryError(_library_of(owner), f"{_path_of(owner)} has no {name}")
    with overridden(owner, name, make):
        yield


@contextmanager
def overridden(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Replace a method that a class has or inherits, or a function of a module, as :func:`replaced` does."""
    is_own = name in vars(owner)
    original = getattr(owner, name)
    replacement = make(original)
    setattr(owner, name, replacement)
    try:
        yield
    finally:
        # A later patch that still stands keeps its place. It calls our replacement, which then does nothing.
        if vars(owner).get(name) is replacement:
            if is_own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)


@contextmanager
def replaced_to_save_time(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Replace a method or function that only saves time, unless the owner lacks it.

    ``connect-batchmock --version`` lists what is left out.
    """
    if name not in vars(owner):
        yield
        return
    with replaced(owner, name, make):
        yield


def _library_of(owner: Any) -> str:
    return _path_of(owner).partition(".")[0]


def _path_of(owner: Any) -> str:
    if isinstance(owner, ModuleType):
        return owner.__name__
    kind = owner if isinstance(owner, type) else type(owner)
    return f"{kind.__module__}.{kind.__qualname__}"
