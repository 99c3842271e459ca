"""Helpers for the tests of the campaign services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from connect_batchmock import ConnectMock
from connect_batchmock.protocol.errors import modeled_errors
from connect_batchmock.protocol.model import operation_model, service_model
from connect_batchmock.protocol.validation import unknown_members, violations

VERSIONS = ["connectcampaigns", "connectcampaignsv2"]
FLOW = "a-flow"
NUMBER = "+15555550199"


def refusal(call: Callable[[], Any]) -> tuple[str, int, str]:
    """The code, the status and the message of the error that a call ends with."""
    with pytest.raises(ClientError) as caught:
        call()
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def code(call: Callable[[], Any]) -> str:
    """The code of the error that a call ends with."""
    return refusal(call)[0]


def assert_all_modeled(connect_mock: ConnectMock) -> None:
    """Assert that each response matches its shape, and that the operation models each error."""
    for call in connect_mock.calls:
        operation = operation_model(call.service, call.operation)
        if call.error is not None:
            assert call.error in modeled_errors(operation), call
        elif operation.output_shape is None:
            assert call.result == {}, call
        else:
            assert violations(operation.output_shape, call.result) == [], call
            assert list(unknown_members(operation.output_shape, call.result)) == [], call


def without_time(campaign: Mapping[str, Any]) -> dict[str, Any]:
    """Return a campaign without the time of its last change, which only the newest models have."""
    return {name: value for name, value in campaign.items() if name != "lastModifiedTime"}


def knows(operation: str, member: str = "id") -> bool:
    """Whether the installed model of version 2 has an operation with an input member, by its path."""
    if operation not in service_model("connectcampaignsv2").operation_names:
        return False
    shape = operation_model("connectcampaignsv2", operation).input_shape
    for name in member.split("."):
        if name not in shape.members:
            return False
        shape = shape.members[name]
    return True
