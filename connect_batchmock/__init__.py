"""A test double for Amazon Connect's batch dialing API.

The names below are loaded when they are first used: importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connect_batchmock.activation import active_mock, mock_connect
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.contact_records import ContactRecords
    from connect_batchmock.domain.contact import Endpoint
    from connect_batchmock.domain.customer_profile import CustomerProfile
    from connect_batchmock.domain.facts import ConnectBatchmockError
    from connect_batchmock.domain.outcome import Outcome
    from connect_batchmock.domain.phone_number import PhoneNumber
    from connect_batchmock.engine import UnfakedOperationError
    from connect_batchmock.events import Events
    from connect_batchmock.faults import PlanError
    from connect_batchmock.guarding import UnmockedCallError
    from connect_batchmock.protocol.errors import ServiceError
    from connect_batchmock.quotas import Quota, documented_quota
    from connect_batchmock.recording import Call, Calls, FailedRequest, FailedRequests
    from connect_batchmock.seeding import Agent, Campaign, Contact, Contacts, Instance, Queue, SeedError
    from connect_batchmock.server.running import Server
    from connect_batchmock.services.added import FakeError
    from connect_batchmock.settings import ConnectMockSettings
    from connect_batchmock.snapshots import Snapshot
    from connect_batchmock.state.places import StateError
    from connect_batchmock.wire.replacing import IncompatibleLibraryError

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
    "UnfakedOperationError",
    "UnmockedCallError",
    "active_mock",
    "documented_quota",
    "mock_connect",
]

_HOMES = {
    "activation": ("active_mock", "mock_connect"),
    "connect_mock": ("ConnectMock",),
    "contact_records": ("ContactRecords",),
    "domain.contact": ("Endpoint",),
    "domain.customer_profile": ("CustomerProfile",),
    "domain.facts": ("ConnectBatchmockError",),
    "domain.outcome": ("Outcome",),
    "domain.phone_number": ("PhoneNumber",),
    "engine": ("UnfakedOperationError",),
    "events": ("Events",),
    "faults": ("PlanError",),
    "guarding": ("UnmockedCallError",),
    "protocol.errors": ("ServiceError",),
    "quotas": ("Quota", "documented_quota"),
    "recording": ("Call", "Calls", "FailedRequest", "FailedRequests"),
    "seeding": ("Agent", "Campaign", "Contact", "Contacts", "Instance", "Queue", "SeedError"),
    "server.running": ("Server",),
    "services.added": ("FakeError",),
    "settings": ("ConnectMockSettings",),
    "snapshots": ("Snapshot",),
    "state.places": ("StateError",),
    "wire.replacing": ("IncompatibleLibraryError",),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("connect-batchmock")
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
