"""Every way in at once: whatever library an application calls a mocked service with, the same is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from connect_batchmock.wire.imports import when_imported
from connect_batchmock.wire.message import Request, Response

Ask = Callable[[Request], "Response | None"]
Refusal = Callable[[Request], None]
Door = Callable[[], AbstractContextManager[None]]

# Of each library the module that, once it is loaded, has loaded all that is touched of it.
_BOTOCORE = "botocore.session"
_AIOBOTOCORE = "aiobotocore.session"
_REQUESTS = "requests"
_MOTO = "moto.core.models"


@contextmanager
def intercept(ask: Ask) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within."""

    def botocore() -> AbstractContextManager[None]:
        from connect_batchmock.wire import botocore

        return botocore.intercept(ask)

    def aiobotocore() -> AbstractContextManager[None]:
        from connect_batchmock.wire import aiobotocore

        return aiobotocore.intercept(ask)

    def requests() -> AbstractContextManager[None]:
        from connect_batchmock.wire import requests

        return requests.intercept(ask)

    def moto() -> AbstractContextManager[None]:
        from connect_batchmock.neighbours import moto

        return moto.intercept(ask)

    with _open({_BOTOCORE: botocore, _AIOBOTOCORE: aiobotocore, _REQUESTS: requests, _MOTO: moto}):
        yield


@contextmanager
def refuse(refusal: Refusal) -> Iterator[None]:
    """Show requests of a mocked service, that nobody has answered, to who may refuse to send them."""

    def botocore() -> AbstractContextManager[None]:
        from connect_batchmock.wire import botocore

        return botocore.refuse(refusal)

    def aiobotocore() -> AbstractContextManager[None]:
        from connect_batchmock.wire import aiobotocore

        return aiobotocore.refuse(refusal)

    def requests() -> AbstractContextManager[None]:
        from connect_batchmock.wire import requests

        return requests.refuse(refusal)

    with _open({_BOTOCORE: botocore, _AIOBOTOCORE: aiobotocore, _REQUESTS: requests}):
        yield


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Give every session the mock's credentials, whatever its profile, without keeping them."""

    def botocore() -> AbstractContextManager[None]:
        from connect_batchmock.wire import botocore

        return botocore.no_credential_lookup()

    def aiobotocore() -> AbstractContextManager[None]:
        from connect_batchmock.wire import aiobotocore

        return aiobotocore.no_credential_lookup()

    with _open({_BOTOCORE: botocore, _AIOBOTOCORE: aiobotocore}):
        yield


def another_mock_answers() -> bool:
    """Whether a neighbour answers what is let through."""
    if _MOTO not in sys.modules:
        return False
    from connect_batchmock.neighbours import moto

    return moto.is_answering()


@contextmanager
def _open(doors: dict[str, Door]) -> Iterator[None]:
    """Open the door of each library: now if it is loaded, else as soon as it is."""
    with ExitStack() as restore:
        for module, door in doors.items():
            restore.enter_context(when_imported(module, _opener(restore, door)))
        yield


def _opener(restore: ExitStack, door: Door) -> Callable[[], None]:
    def open_door() -> None:
        restore.enter_context(door())

    return open_door
