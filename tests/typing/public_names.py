"""Every public name is seen where it is imported from, and ``outcomes`` as a module."""

from __future__ import annotations

from typing_extensions import assert_type

import connect_batchmock
from connect_batchmock import (
    Agent,
    Call,
    Calls,
    Campaign,
    ConnectBatchmockError,
    ConnectMock,
    ConnectMockSettings,
    Contact,
    ContactRecords,
    Contacts,
    CustomerProfile,
    Endpoint,
    Events,
    FailedRequest,
    FailedRequests,
    FakeError,
    IncompatibleLibraryError,
    Instance,
    Outcome,
    PhoneNumber,
    PlanError,
    Queue,
    Quota,
    SeedError,
    Server,
    ServiceError,
    UnfakedOperationError,
    UnmockedCallError,
    active_mock,
    default_quota,
    mock_connect,
    outcomes,
)

NAMES: list[object] = [
    Agent,
    Call,
    UnmockedCallError,
    Calls,
    Campaign,
    ConnectBatchmockError,
    ConnectMock,
    ConnectMockSettings,
    Contact,
    ContactRecords,
    Contacts,
    CustomerProfile,
    Endpoint,
    Events,
    FailedRequest,
    FailedRequests,
    FakeError,
    IncompatibleLibraryError,
    Instance,
    Outcome,
    PlanError,
    PhoneNumber,
    Queue,
    Quota,
    SeedError,
    Server,
    ServiceError,
    UnfakedOperationError,
    active_mock,
    default_quota,
    mock_connect,
]


def each_outcome() -> None:
    assert_type(outcomes.answered(), Outcome)
    assert_type(
        outcomes.answered(
            ring=1, talk=2.5, preview=3, after_contact_work=4, patience=None, disconnected_by="agent"
        ),
        Outcome,
    )
    assert_type(outcomes.voicemail(ring=1, talk=2, preview=3, after_contact_work=4), Outcome)
    assert_type(outcomes.no_answer(ring=1, preview=2), Outcome)
    assert_type(outcomes.busy(ring=1, preview=2), Outcome)
    assert_type(outcomes.invalid_number(preview=2), Outcome)
    assert_type(outcomes.preview_discarded(preview=2), Outcome)
    assert_type(outcomes.answered(detected="AMD_UNRESOLVED_SILENCE"), Outcome)
    assert_type(outcomes.failed("BARGED", ring=1, talk=2, after_contact_work=3, patience=4), Outcome)
    assert_type(outcomes.mix({outcomes.busy(): 1, outcomes.answered(): 2.5}, seed=3), outcomes.Mix)
    assert_type(outcomes.preview_discarded(spelling="OUTBOUND_PREVIEW_DISCARDED"), Outcome)
    outcomes.preview_discarded(spelling="DISCARDED")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    outcomes.busy(talk=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    outcomes.busy(ring="1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def each_quota() -> None:
    assert_type(default_quota("BatchPutContact"), Quota)
    per_second, burst = default_quota("BatchPutContact", "connect")
    assert_type(per_second, float)
    assert_type(burst, int)


def each_error() -> None:
    errors: list[Exception] = [
        ServiceError("NoSuchThing", "no such thing"),
        UnmockedCallError(""),
        UnfakedOperationError(""),
    ]
    assert_type(errors[0], Exception)


def the_version() -> None:
    assert_type(connect_batchmock.__version__, str)
