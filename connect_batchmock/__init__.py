"""A test double for Amazon Connect's batch dialing API.

Each public name is imported when it is first used, so that importing the package is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connect_batchmock.activation.guard import UnmockedCallError
    from connect_batchmock.activation.mock_connect import active_mock, mock_connect
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.domain.campaign import CustomerProfile
    from connect_batchmock.domain.contact import Endpoint
    from connect_batchmock.domain.errors import ConnectBatchmockError
    from connect_batchmock.domain.outcome import Outcome
    from connect_batchmock.domain.phone_numbers import PhoneNumber
    from connect_batchmock.engine.engine import UnfakedOperationError
    from connect_batchmock.engine.faults import PlanError, Quota, default_quota
    from connect_batchmock.engine.journal import Call, FailedRequest
    from connect_batchmock.engine.snapshot import Snapshot
    from connect_batchmock.interception.patches import IncompatibleLibraryError
    from connect_batchmock.protocol.errors import ServiceError
    from connect_batchmock.records.calls import Calls, FailedRequests
    from connect_batchmock.records.events import ContactRecords, Events
    from connect_batchmock.records.handles import (
        Agent,
        Campaign,
        Contact,
        Contacts,
        Instance,
        Queue,
    )
    from connect_batchmock.records.seed_arguments import SeedError
    from connect_batchmock.records.timeline import TimelineEntry
    from connect_batchmock.server.server import Server
    from connect_batchmock.services.custom import FakeError
    from connect_batchmock.settings import ConnectMockSettings
    from connect_batchmock.state.document import StateError

    __version__: str

__all__ = [
    "Agent",
    "Call",
    "Calls",
    "Campaign",
    "ConnectBatchmockError",
    "ConnectMock",
    "ConnectMockSettings",
    "Contact",
    "ContactRecords",
    "Contacts",
    "CustomerProfile",
    "Endpoint",
    "Events",
    "FailedRequest",
    "FailedRequests",
    "FakeError",
    "IncompatibleLibraryError",
    "Instance",
    "Outcome",
    "PhoneNumber",
    "PlanError",
    "Queue",
    "Quota",
    "SeedError",
    "Server",
    "ServiceError",
    "Snapshot",
    "StateError",
    "TimelineEntry",
    "UnfakedOperationError",
    "UnmockedCallError",
    "active_mock",
    "default_quota",
    "mock_connect",
]

_EXPORTS = {
    "activation.guard": ("UnmockedCallError",),
    "activation.mock_connect": ("active_mock", "mock_connect"),
    "connect_mock": ("ConnectMock",),
    "domain.campaign": ("CustomerProfile",),
    "domain.contact": ("Endpoint",),
    "domain.errors": ("ConnectBatchmockError",),
    "domain.outcome": ("Outcome",),
    "domain.phone_numbers": ("PhoneNumber",),
    "engine.engine": ("UnfakedOperationError",),
    "engine.faults": ("PlanError", "Quota", "default_quota"),
    "engine.journal": ("Call", "FailedRequest"),
    "engine.snapshot": ("Snapshot",),
    "interception.patches": ("IncompatibleLibraryError",),
    "protocol.errors": ("ServiceError",),
    "records.calls": ("Calls", "FailedRequests"),
    "records.events": ("ContactRecords", "Events"),
    "records.handles": ("Agent", "Campaign", "Contact", "Contacts", "Instance", "Queue"),
    "records.seed_arguments": ("SeedError",),
    "records.timeline": ("TimelineEntry",),
    "server.server": ("Server",),
    "services.custom": ("FakeError",),
    "settings": ("ConnectMockSettings",),
    "state.document": ("StateError",),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("connect-batchmock")
    for module, names in _EXPORTS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
