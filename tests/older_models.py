"""The tests of what the models of the oldest botocore do not have are skipped there, each with the reason.

A feature is recognized by the error that a test of it ends with: botocore refuses a parameter or a method
that its model lacks. Where the installed model has the feature, the same error is a failure.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

import botocore
import pytest
from packaging.version import Version

from connect_batchmock.protocol.model import service_model

VERSION_2 = "connectcampaignsv2"
OUTBOUND_STRATEGY = ("ContactDataRequestList", "OutboundStrategy")


def has_member(service: str, operation: str, *path: str) -> bool:
    """Return whether an operation takes a parameter, or a member of one, that may be in a list."""
    if operation not in service_model(service).operation_names:
        return False
    shape: Any = service_model(service).operation_model(operation).input_shape
    for name in path:
        shape = shape.member if shape.type_name == "list" else shape
        if name not in shape.members:
            return False
        shape = shape.members[name]
    return True


def _has_flow_type(name: str) -> bool:
    return name in service_model("connect").shape_for("ContactFlowType").enum


def returns_member(shape: str, name: str) -> bool:
    """Return whether a shape of the responses of Amazon Connect has a member."""
    return name in service_model("connect").shape_for(shape).members


HAS_PREVIEW_MODE = has_member(
    VERSION_2, "CreateCampaign", "channelSubtypeConfig", "telephony", "outboundMode", "preview"
)
HAS_PACING_STRATEGIES = has_member(
    VERSION_2,
    "CreateCampaign",
    *("channelSubtypeConfig", "telephony", "outboundMode", "predictive", "pacingStrategies"),
)
# What an error says when a feature is absent, its name, and whether the installed model has it.
FEATURES = (
    (
        r"[\"']OutboundStrategy[\"']|INVALID_OUTBOUND_STRATEGY",
        "OutboundStrategy",
        has_member("connect", "BatchPutContact", *OUTBOUND_STRATEGY),
    ),
    (
        r'"preview"|has no mode \'preview\'',
        "preview mode",
        HAS_PREVIEW_MODE,
    ),
    (
        r'"pacingStrategies"',
        "pacing strategies",
        HAS_PACING_STRATEGIES,
    ),
    (
        r'"instanceLimitsHandling"',
        "instanceLimitsHandling",
        has_member(VERSION_2, "CreateCampaign", "communicationLimitsOverride", "instanceLimitsHandling"),
    ),
    (
        r"no attribute '[gp][eu]t_instance_communication_limits'|InstanceCommunicationLimits",
        "communication limits of an instance",
        has_member(VERSION_2, "PutInstanceCommunicationLimits"),
    ),
    (r"'CAMPAIGN' is not one of", "flows of campaigns", _has_flow_type("CAMPAIGN")),
    (
        r"in SearchCriteria: |'(ENQUEUE_TIMESTAMP|EXPIRY_TIMESTAMP|MATCH_NONE)' is not one|'Name': 'First'",
        "Name and AdditionalTimeRange of SearchContacts",
        has_member("connect", "SearchContacts", "SearchCriteria", "AdditionalTimeRange"),
    ),
    (
        r"'DisconnectReason'|'AfterContactWorkStartTimestamp'",
        "DisconnectReason of DescribeContact",
        returns_member("Contact", "DisconnectReason"),
    ),
    (
        r'in input: "ClientToken"',
        "ClientToken of DeleteInstance",
        has_member("connect", "DeleteInstance", "ClientToken"),
    ),
)
needs_outbound_strategy = pytest.mark.skipif(
    not has_member("connect", "BatchPutContact", *OUTBOUND_STRATEGY),
    reason="the models of the installed botocore have no OutboundStrategy",
)
needs_typed_uris = pytest.mark.skipif(
    Version(botocore.__version__) < Version("1.40.57"),
    reason="the installed botocore may write booleans and times in a URI as Python shows them",
)
ABSENT = {pattern: feature for pattern, feature, is_present in FEATURES if not is_present}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    return (yield from _skipping_absent_features())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    return (yield from _skipping_absent_features())


def _skipping_absent_features() -> Generator[None, object, object]:
    try:
        return (yield)
    except Exception as error:
        for pattern, feature in ABSENT.items():
            if re.search(pattern, str(error)):
                pytest.skip(f"the models of the installed botocore have no {feature}")
        raise
