"""Every exception that a test can meet is exported, ends in Error and has one base."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from factories import item_for

import connect_batchmock
from connect_batchmock import (
    ConnectBatchmockError,
    ConnectMock,
    FakeError,
    PlanError,
    SeedError,
    StateError,
    UnfakedOperationError,
)

EXCEPTIONS = {
    name: value
    for name in connect_batchmock.__all__
    if inspect.isclass(value := getattr(connect_batchmock, name)) and issubclass(value, Exception)
}


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_ends_in_error_and_has_the_base(name: str) -> None:
    assert name.endswith("Error")
    assert issubclass(EXCEPTIONS[name], ConnectBatchmockError)


def test_raised_exceptions_can_be_imported() -> None:
    connect_mock = ConnectMock()
    client: Any = connect_mock.client()
    instance = connect_mock.add_instance()

    def fail(*_: object) -> Any:
        raise KeyError("mine")

    connect_mock.fake("ListQuickConnects", fail)
    connect_mock.reject_contacts("INTERNAL_ERROR", when=fail)
    campaign = instance.add_campaign(queue=instance.add_queue())
    item = item_for(instance.queues[0], campaign)

    with pytest.raises(FakeError, match="mine"):
        client.list_quick_connects(InstanceId=instance.id)
    with pytest.raises(PlanError, match="mine"):
        client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[item])
    with pytest.raises(UnfakedOperationError, match="ListPrompts"):
        client.list_prompts(InstanceId=instance.id)
    with pytest.raises(SeedError, match="already has a queue named") as caught:
        instance.add_queue("Queue 1")
    assert caught.value.parameter == "name"
    assert isinstance(caught.value, ValueError)
    with pytest.raises(StateError) as wrong:
        ConnectMock(state="missing.toml")
    assert isinstance(wrong.value, ValueError)
