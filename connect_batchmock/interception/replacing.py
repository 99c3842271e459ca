"""How something of a host library is replaced for a while, and what is told where the library has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from types import ModuleType
from typing import Any

from connect_batchmock.domain.errors import ConnectBatchmockError

Make = Callable[[Any], Any]


class IncompatibleLibraryError(ConnectBatchmockError, RuntimeError):
    """A host library lacks a private name that this version of connect_batchmock cannot do without.

    Args:
        library: the name of the library, under which it is installed.
        reason: what is missing.
    """

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(
            f"connect_batchmock {version('connect-batchmock')} does not work with {library} "
            f"{version(library)}: {reason.rstrip('.')}. Install a newer connect_batchmock, or another "
            f"version of {library}."
        )


def needed(owner: Any, name: str) -> Any:
    """Return an attribute of something of a host library.

    Raises:
        IncompatibleLibraryError: it has no such attribute.
    """
    try:
        return getattr(owner, name)
    except AttributeError:
        raise IncompatibleLibraryError(_library_of(owner), f"{_path_of(owner)} has no {name}") from None


@contextmanager
def replaced(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Put into the place of a method, or of a function of a module, what is made of it.

    Raises:
        IncompatibleLibraryError: the owner has no such method or function of its own.
    """
    if name not in vars(owner):
        raise IncompatibleLibraryError(_library_of(owner), f"{_path_of(owner)} has no {name}")
    original = vars(owner)[name]
    ours = make(original)
    setattr(owner, name, ours)
    try:
        yield
    finally:
        # Whoever came later and has not gone yet keeps his place; he leads to ours, which asks nobody then.
        if vars(owner)[name] is ours:
            setattr(owner, name, original)


@contextmanager
def replaced_to_save_time(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Replace it where it is there: without, all is as right and takes longer.

    What is left out is listed by ``connect-batchmock --version``.
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
