"""Every way in at once: whatever library an application calls a mocked service with, the same is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from connect_batchmock.wire import botocore
from connect_batchmock.wire.botocore import Ask
from connect_batchmock.wire.imports import when_imported

_AIOBOTOCORE = "aiobotocore.session"
"""The module that loads all others which a client of aiobotocore is made of."""


@contextmanager
def intercept(ask: Ask) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within."""

    def cover_aiobotocore() -> None:
        from connect_batchmock.wire import aiobotocore

        restore.enter_context(aiobotocore.intercept(ask))

    with ExitStack() as restore:
        restore.enter_context(botocore.intercept(ask))
        restore.enter_context(when_imported(_AIOBOTOCORE, cover_aiobotocore))
        yield


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Give every session the mock's credentials, without looking for the user's and without keeping them."""

    def cover_aiobotocore() -> None:
        from connect_batchmock.wire import aiobotocore

        restore.enter_context(aiobotocore.no_credential_lookup())

    with ExitStack() as restore:
        restore.enter_context(botocore.no_credential_lookup())
        restore.enter_context(when_imported(_AIOBOTOCORE, cover_aiobotocore))
        yield
