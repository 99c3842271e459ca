"""Hypothesis strategies for requests, faults and the outcomes of dialed contacts.

Requests are generated from the service models of the installed botocore, with the ids of the resources that a
test seeded.

Raises:
    ImportError: hypothesis is not installed.
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("hypothesis") is None:
    raise ImportError(
        "connect_batchmock.strategies needs hypothesis, which is not installed. Install it with the "
        "extra: python -m pip install 'connect-batchmock[hypothesis]'"
    )

from connect_batchmock.strategies.batches import (
    contact_batches,
    dial_batches,
    invalid_contact_batches,
    outbound_batches,
)
from connect_batchmock.strategies.campaign_requests import (
    dial_requests,
    invalid_dial_requests,
    invalid_outbound_requests,
    outbound_requests,
)
from connect_batchmock.strategies.faults import (
    FaultSchedule,
    PlannedFault,
    fault_schedules,
    permanent_faults,
    transient_faults,
)
from connect_batchmock.strategies.invalid import InvalidValue
from connect_batchmock.strategies.items import contact_data_requests, invalid_contact_data_requests
from connect_batchmock.strategies.outcomes import dial_outcomes
from connect_batchmock.strategies.values import phone_numbers

__all__ = [
    "FaultSchedule",
    "InvalidValue",
    "PlannedFault",
    "contact_batches",
    "contact_data_requests",
    "dial_batches",
    "dial_outcomes",
    "dial_requests",
    "fault_schedules",
    "invalid_contact_batches",
    "invalid_contact_data_requests",
    "invalid_dial_requests",
    "invalid_outbound_requests",
    "outbound_batches",
    "outbound_requests",
    "permanent_faults",
    "phone_numbers",
    "transient_faults",
]
