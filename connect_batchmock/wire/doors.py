"""Every way in at once: whatever library an application calls a mocked service with, the same is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from connect_batchmock.wire import botocore
from connect_batchmock.wire.botocore import Ask
from connect_batchmock.wire.imports import when_imported


def _aiobotocore(ask: Ask) -> AbstractContextManager[None]:
    from connect_batchmock.wire import aiobotocore

    return aiobotocore.intercept(ask)


def _requests(ask: Ask) -> AbstractContextManager[None]:
    from connect_batchmock.wire import requests

    return requests.intercept(ask)


def _moto(ask: Ask) -> AbstractContextManager[None]:
    from connect_batchmock.neighbours import moto

    return moto.intercept(ask)


# A module that, once it is loaded, has loaded all that is touched of its library; and what is done then.
_AIOBOTOCORE = "aiobotocore.session"
_LATER: tuple[tuple[str, Callable[[Ask], AbstractContextManager[None]]], ...] = (
    (_AIOBOTOCORE, _aiobotocore),
    ("requests", _requests),
    ("moto.core.botocore_stubber", _moto),
)


@contextmanager
def intercept(ask: Ask) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within."""
    with ExitStack() as restore:
        restore.enter_context(botocore.intercept(ask))
        for module, door in _LATER:
            restore.enter_context(when_imported(module, _opener(restore, door, ask)))
        yield


def _opener(
    restore: ExitStack, door: Callable[[Ask], AbstractContextManager[None]], ask: Ask
) -> Callable[[], None]:
    def open_door() -> None:
        restore.enter_context(door(ask))

    return open_door


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Give every session the mock's credentials, whatever its profile, without keeping them."""

    def cover_aiobotocore() -> None:
        from connect_batchmock.wire import aiobotocore

        restore.enter_context(aiobotocore.no_credential_lookup())

    with ExitStack() as restore:
        restore.enter_context(botocore.no_credential_lookup())
        restore.enter_context(when_imported(_AIOBOTOCORE, cover_aiobotocore))
        yield
