"""Strategies of hypothesis for what an application sends, what goes wrong, and what becomes of contacts.

They are drawn from the models of the installed botocore, and filled with the ids of what a test has seeded.

Raises:
    ImportError: hypothesis is not installed.
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("hypothesis") is None:
    raise ImportError(
        "connect_batchmock.strategies draws with hypothesis, which is not installed: install it with "
        "'pip install hypothesis'. The rest of connect_batchmock does without."
    )

from connect_batchmock.strategies.batches import (
    contact_batches,
    dial_batches,
    nearly_valid_contact_batches,
    outbound_batches,
)
from connect_batchmock.strategies.campaign_requests import (
    dial_requests,
    nearly_valid_dial_requests,
    nearly_valid_outbound_requests,
    outbound_requests,
)
from connect_batchmock.strategies.faults import (
    FaultSchedule,
    PlannedFault,
    fault_schedules,
    final_faults,
    passing_faults,
)
from connect_batchmock.strategies.invalid import NearlyValid
from connect_batchmock.strategies.items import contact_data_requests, nearly_valid_contact_data_requests
from connect_batchmock.strategies.outcomes import dial_outcomes
from connect_batchmock.strategies.values import phone_numbers

__all__ = [
    "FaultSchedule",
    "NearlyValid",
    "PlannedFault",
    "contact_batches",
    "contact_data_requests",
    "dial_batches",
    "dial_outcomes",
    "dial_requests",
    "fault_schedules",
    "final_faults",
    "nearly_valid_contact_batches",
    "nearly_valid_contact_data_requests",
    "nearly_valid_dial_requests",
    "nearly_valid_outbound_requests",
    "outbound_batches",
    "outbound_requests",
    "passing_faults",
    "phone_numbers",
]
