"""Every faked operation, called with valid and invalid input, responds as the model says.

An answer has the members, types and limits of the output's shape, and an error is one that the model lists
for the operation, or one that all of AWS has in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from factories import ARN, GOOD, UNKNOWN, Parameters, Seeded, seed
from hypothesis import given, settings
from hypothesis import strategies as st
from model_departures import is_departure

from connect_batchmock import ConnectMock
from connect_batchmock.protocol.errors import COMMON_ERRORS, VIOLATED, modeled_errors
from connect_batchmock.protocol.model import SERVICES, operation_model, service_model
from connect_batchmock.protocol.validation import unknown_members, violations
from connect_batchmock.services.registry import FAKES
from connect_batchmock.strategies.shapes import instances

KNOWN_TO_THE_MODEL = sorted(key for key in FAKES if key[1] in service_model(key[0]).operation_names)


@dataclass
class Backend:
    """A mock and its clients, which do not validate requests themselves."""

    mock: ConnectMock
    clients: Mapping[str, Any]

    def call(self, service: str, operation: str, parameters: Parameters) -> str | None:
        """Call an operation, check its result, and return the code of its error."""
        with suppress(ClientError):
            getattr(self.clients[service], xform_name(operation))(**parameters)
        last = self.mock.calls[-1]
        assert (last.service, last.operation) == (service, operation)
        model = operation_model(service, operation)
        if last.error is not None:
            assert last.error in {*modeled_errors(model), *COMMON_ERRORS}
            return last.error
        assert last.result is not None
        if model.output_shape is None:
            assert last.result == {}
        else:
            broken = violations(model.output_shape, last.result)
            assert [violation for violation in broken if not is_departure(violation)] == []
            assert list(unknown_members(model.output_shape, last.result)) == []
        return None


@pytest.fixture(scope="module")
def backend_of_the_module() -> Backend:
    """Make clients once, because that takes longer than their calls."""
    mock = ConnectMock()
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return Backend(mock, {service: mock.client(service, config=config) for service in SERVICES})


@pytest.fixture(scope="module")
def seeded_once(backend_of_the_module: Backend) -> tuple[Seeded, Any]:
    """Seed the mock once, because that takes longer than a test, and keep a snapshot of it."""
    mock = backend_of_the_module.mock
    return seed(mock, backend_of_the_module.clients), mock.snapshot()


@pytest.fixture
def backend(backend_of_the_module: Backend) -> Backend:
    return backend_of_the_module


@pytest.fixture
def seeded(backend: Backend, seeded_once: tuple[Seeded, Any]) -> Seeded:
    """Restore the mock as it was seeded, whatever the tests before did to it."""
    seeded, snapshot = seeded_once
    backend.mock.restore(snapshot)
    return seeded


def test_every_operation_is_here() -> None:
    assert sorted(GOOD) == sorted(FAKES)


def test_every_campaign_operation_has_a_fake() -> None:
    # Older versions of botocore do not know all of them; the newest does.
    unknown = {operation for _, operation in FAKES} - {operation for _, operation in KNOWN_TO_THE_MODEL}
    assert unknown <= {"UpdateCampaignEntryLimits", "DeleteCampaignEntryLimits"}
    for service, count in (("connectcampaigns", 22), ("connectcampaignsv2", 37)):
        names = service_model(service).operation_names
        assert set(names) == {operation for of, operation in KNOWN_TO_THE_MODEL if of == service}
        assert len(names) in (count, count - len(unknown))


@pytest.mark.parametrize(("service", "operation"), KNOWN_TO_THE_MODEL)
def test_good_input_is_answered_as_the_model_says(
    backend: Backend, seeded: Seeded, service: str, operation: str
) -> None:
    error = backend.call(service, operation, GOOD[service, operation](seeded))
    assert error is None, backend.mock.calls[-1].message


IDS = {
    "InstanceId": UNKNOWN,
    "QueueId": UNKNOWN,
    "ContactId": UNKNOWN,
    "InitialContactId": UNKNOWN,
    "HoursOfOperationId": UNKNOWN,
    "ContactFlowId": UNKNOWN,
    "PhoneNumberId": UNKNOWN,
    "TargetArn": ARN.format("connect", f"instance/{UNKNOWN}"),
    "resourceArn": ARN.format("connect", f"instance/{UNKNOWN}"),
    "id": UNKNOWN,
    "arn": ARN.format("connect-campaigns", f"campaign/{UNKNOWN}"),
    "connectInstanceId": UNKNOWN,
}


def with_each_id_unknown(service: str, operation: str) -> list[str]:
    members = operation_model(service, operation).input_shape.members
    return [name for name in IDS if name in members]


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [(*key, member) for key in KNOWN_TO_THE_MODEL for member in with_each_id_unknown(*key)],
)
def test_an_unknown_id_is_a_modeled_error(
    backend: Backend,
    seeded: Seeded,
    service: str,
    operation: str,
    member: str,
) -> None:
    parameters = GOOD[service, operation](seeded)
    if member == "TargetArn":
        parameters.pop("InstanceId", None)
    assert backend.call(service, operation, parameters | {member: IDS[member]}) is not None


def too_much_of(shape: Any) -> Any:
    """Return a value above the limit of the shape that botocore can still send."""
    most = int(shape.metadata["max"])
    if shape.type_name == "list":
        return ["x" if shape.member.type_name == "string" else {}] * (most + 1)
    if shape.type_name == "map":
        return {f"key-{number}": "x" for number in range(most + 1)}
    return "x" * (most + 1) if shape.type_name == "string" else most + 1


@pytest.mark.parametrize(("service", "operation"), KNOWN_TO_THE_MODEL)
def test_a_violated_constraint_is_a_modeled_error(
    backend: Backend, seeded: Seeded, service: str, operation: str
) -> None:
    parameters = GOOD[service, operation](seeded)
    limited = {
        name: member
        for name, member in operation_model(service, operation).input_shape.members.items()
        if "max" in member.metadata
    }
    for name, member in limited.items():
        assert backend.call(service, operation, parameters | {name: too_much_of(member)}) in VIOLATED, name


@pytest.mark.parametrize(("service", "operation"), KNOWN_TO_THE_MODEL)
def test_whatever_the_model_allows_is_answered_as_it_says(
    backend: Backend, seeded: Seeded, service: str, operation: str
) -> None:
    known = {
        "InstanceId": seeded.instance.id,
        "QueueId": seeded.queue.id,
        "ContactId": seeded.contact.id,
        "InitialContactId": seeded.contact.id,
        "ContactFlowId": seeded.flow,
        "PhoneNumberId": seeded.number.id,
        "resourceArn": seeded.queue.arn,
        "id": seeded.of_version_2 if service == "connectcampaignsv2" else seeded.running.id,
        "arn": seeded.campaign.arn,
        "connectInstanceId": seeded.instance.id,
    }
    shape = operation_model(service, operation).input_shape

    @settings(max_examples=settings.default.max_examples // 8, deadline=None, database=None)
    @given(instances(shape), st.booleans())
    def answer(parameters: Parameters, is_known: bool) -> None:
        ids = {name: value for name, value in known.items() if name in parameters} if is_known else {}
        backend.call(service, operation, {**parameters, **ids})

    answer()
