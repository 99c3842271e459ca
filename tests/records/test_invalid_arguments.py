"""Invalid arguments are refused where they are passed, with the remedy."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import botocore
import pytest
import time_machine
from botocore.loaders import Loader
from factories import UNKNOWN, AnItem, Put

from connect_batchmock import (
    Campaign,
    ConnectMock,
    Instance,
    Outcome,
    PlanError,
    Queue,
    mock_connect,
    outcomes,
)
from connect_batchmock.cli import main

# A instance that is not the instance


def test_a_campaign_takes_its_queue_by_object_id_or_name(
    connect_instance: Instance, connect_queue: Queue
) -> None:
    for queue in (connect_queue, connect_queue.id, connect_queue.name):
        assert connect_instance.add_campaign(queue=queue).queue == connect_queue
        assert connect_instance.add_campaign(queue=queue, mode="preview").queue == connect_queue


def test_an_id_goes_before_a_name(connect_instance: Instance, connect_queue: Queue) -> None:
    connect_instance.add_queue(connect_queue.id)

    assert connect_instance.add_campaign(queue=connect_queue.id).queue == connect_queue


@pytest.mark.parametrize("unknown", ["Queue 9", UNKNOWN, ""])
def test_an_unknown_queue_is_refused_with_the_known_ones(
    connect_instance: Instance, connect_queue: Queue, unknown: str
) -> None:
    other = connect_instance.add_queue("Outbound sales")

    with pytest.raises(ValueError, match=re.escape(f"no queue with the id or name {unknown!r}")) as caught:
        connect_instance.add_campaign(queue=unknown)

    assert str(caught.value).endswith(
        f"It has 'Queue 1' ({connect_queue.id}), 'Outbound sales' ({other.id})."
    )
    assert connect_instance.campaigns == []


def test_an_instance_without_queues_says_so(connect_instance: Instance) -> None:
    with pytest.raises(ValueError, match=r"It has no queue; add one with instance\.add_queue\(\)\."):
        connect_instance.add_campaign(queue="Queue 1")


def test_a_deleted_queue_is_refused(connect_instance: Instance, connect_queue: Queue) -> None:
    connect_queue.delete()

    with pytest.raises(ValueError, match="no queue with the id or name"):
        connect_instance.add_campaign(queue=connect_queue)


# Outcomes without parentheses


@pytest.mark.parametrize(
    "make",
    [
        outcomes.answered,
        outcomes.voicemail,
        outcomes.no_answer,
        outcomes.busy,
        outcomes.invalid_number,
        outcomes.failed,
        outcomes.mix,
        outcomes.preview_discarded,
    ],
)
def test_an_outcome_without_parentheses_is_refused(
    connect_mock: ConnectMock, make: Callable[..., Outcome]
) -> None:
    remedy = re.escape(f"call it: outcomes.{make.__name__}()")
    mistakes: list[Any] = [make, [make], [outcomes.busy(), make]]

    for mistake in mistakes:
        with pytest.raises(TypeError, match=remedy):
            connect_mock.on_dial(mistake)


def test_a_policy_that_cannot_take_a_contact_is_refused(connect_mock: ConnectMock) -> None:
    def named(*, contact: object) -> Outcome:
        return outcomes.busy()

    mistakes: list[Any] = [outcomes.busy().__class__, lambda: outcomes.busy(), lambda a, b: a, named]

    for mistake in mistakes:
        with pytest.raises(TypeError, match=r"a plain function of the contact"):
            connect_mock.on_dial(mistake)


def test_any_callable_of_a_contact_is_a_policy(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: Callable[..., list[str]],
) -> None:
    class Policy:
        def __call__(self, contact: object) -> Outcome:
            return outcomes.busy()

    policies: list[Any] = [
        Policy(),
        functools.partial(lambda outcome, contact: outcome, outcomes.busy()),
        lambda contact, retries=0: outcomes.busy(),
        lambda *contacts: outcomes.busy(),
    ]
    connect_queue.add_agents(1)
    connect_campaign.start()

    for policy in policies:
        connect_mock.on_dial(policy)
        (contact_id,) = put_for(connect_campaign)
        connect_mock.advance(60)
        assert connect_mock.contacts.one(id=contact_id).disconnect_reason == "TELECOM_BUSY"


@pytest.mark.connect_mock(strict=False)
def test_a_builtin_without_a_signature_is_called_as_a_policy(
    connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial({"no": outcomes.busy()}.pop)  # type: ignore[arg-type]  # takes no contact
    with pytest.raises(PlanError, match=r"raised KeyError for \+15555550100"):
        put(an_item())


# Invalid regions


@pytest.mark.parametrize(
    "make",
    [
        lambda region: ConnectMock(region=region),
        lambda region: mock_connect(region=region),
        lambda region: ConnectMock().add_instance(region=region),
    ],
    ids=["ConnectMock", "mock_connect", "add_instance"],
)
def test_a_misspelt_region_is_refused_with_the_nearest(make: Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match="region") as caught:
        make("eu-wset-2")

    assert "'eu-wset-2'; did you mean 'eu-west-2'" in str(caught.value)
    assert str(caught.value).endswith(
        f"The installed botocore, {botocore.__version__}, does not know it; a newer region needs a newer one."
    )


@pytest.mark.parametrize("region", ["", "narnia", "us-east-1 ", "US-EAST-1", "aws-global", "us-east-1a"])
def test_an_invalid_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"not {region!r}")):
        ConnectMock(region=region)
    with pytest.raises(ValueError, match=re.escape(f"not {region!r}")):
        ConnectMock().add_instance(region=region)


def test_a_region_of_another_type_is_refused() -> None:
    mistake: Any = ["us-east-1"]

    with pytest.raises(TypeError, match=re.escape("not ['us-east-1']")):
        ConnectMock(region=mistake)
    with pytest.raises(TypeError, match=re.escape("not ['us-east-1']")):
        ConnectMock().add_instance(region=mistake)


def test_every_region_of_botocore_is_taken() -> None:
    partitions = Loader().load_data("partitions")["partitions"]
    names = [
        name for partition in partitions for name in partition["regions"] if not name.endswith("-global")
    ]
    assert {"us-east-1", "us-gov-west-1", "cn-north-1"} <= set(names)

    for name in names:
        assert ConnectMock(region=name).add_instance().region == name
        assert ConnectMock().add_instance(region=name).region == name


def test_a_misspelt_region_in_a_file_is_refused_with_its_line(tmp_path: Path) -> None:
    state = tmp_path / "connect.toml"
    state.write_text('[[instances]]\nalias = "sales"\nregion = "eu-wset-2"\n')

    with pytest.raises(ValueError, match=r"line 3, instances\[0\]\.region: .*did you mean 'eu-west-2'"):
        ConnectMock(state=state)


def test_a_misspelt_region_of_the_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["serve", "--region", "eu-wset-2"])

    assert caught.value.code == 2
    assert "did you mean 'eu-west-2'" in capsys.readouterr().err


# Time


def test_the_clock_goes_forward_by_a_timedelta_or_seconds() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=timezone.utc), tick=False):
        connect_mock = ConnectMock()
        start = connect_mock.now()
        connect_mock.advance(timedelta(minutes=2, microseconds=1))
        connect_mock.advance(30)
        connect_mock.advance(0.5)
        connect_mock.advance(timedelta())

        assert connect_mock.now() - start == timedelta(seconds=150.5, microseconds=1)


@pytest.mark.parametrize("mistake", [True, False, "60", None, [60]])
def test_an_invalid_time_is_refused(connect_mock: ConnectMock, mistake: Any) -> None:
    with pytest.raises(TypeError, match=re.escape(f"takes seconds or a timedelta, not {mistake!r}")):
        connect_mock.advance(mistake)


@pytest.mark.parametrize("back", [-1, -0.5, timedelta(seconds=-1), timedelta.max, float("nan")])
def test_the_clock_does_not_go_back_or_too_far(connect_mock: ConnectMock, back: Any) -> None:
    with pytest.raises(ValueError, match=re.escape(f"not {back!r}")):
        connect_mock.advance(back)


# Booleans are no numbers, and other values are no booleans

Mistake = Callable[[ConnectMock, Instance, Queue, Any], object]

NUMBERS: dict[str, Mistake] = {
    "add_agents": lambda mock, instance, queue, value: queue.add_agents(value),
    "bandwidth_allocation": lambda mock, instance, queue, value: instance.add_campaign(
        queue=queue, bandwidth_allocation=value
    ),
    "talk": lambda mock, instance, queue, value: outcomes.answered(talk=value),
    "patience": lambda mock, instance, queue, value: outcomes.answered(patience=value),
    "preview": lambda mock, instance, queue, value: outcomes.preview_discarded(preview=value),
    "seed": lambda mock, instance, queue, value: ConnectMock(seed=value),
    "concurrent_calls": lambda mock, instance, queue, value: ConnectMock(concurrent_calls=value),
    "fail": lambda mock, instance, queue, value: mock.fail("BatchPutContact", 500, times=value),
    "status": lambda mock, instance, queue, value: mock.fail("BatchPutContact", value),
    "lose_response": lambda mock, instance, queue, value: mock.lose_response("BatchPutContact", times=value),
    "delay": lambda mock, instance, queue, value: mock.delay("BatchPutContact", value),
    "wait_for_contact": lambda mock, instance, queue, value: mock.wait_for_contact(value),
    "wait_for_call": lambda mock, instance, queue, value: mock.wait_for_call("BatchPutContact", times=value),
    "reject_contacts": lambda mock, instance, queue, value: mock.reject_contacts(
        "INTERNAL_ERROR", times=value
    ),
    "reject_requests": lambda mock, instance, queue, value: mock.reject_requests("UnknownError", times=value),
    "per_second": lambda mock, instance, queue, value: mock.limit_rate(
        "BatchPutContact", per_second=value, burst=1
    ),
    "burst": lambda mock, instance, queue, value: mock.limit_rate(
        "BatchPutContact", per_second=1, burst=value
    ),
    "port": lambda mock, instance, queue, value: mock.serve(port=value),
    "describe_calls": lambda mock, instance, queue, value: mock.describe_calls(value),
    "assert_contact_count": lambda mock, instance, queue, value: mock.assert_contact_count(value),
    "assert_called": lambda mock, instance, queue, value: mock.assert_called("BatchPutContact", times=value),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_bool_is_refused_as_a_number(
    name: str, connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    for value in (True, False):
        with pytest.raises((TypeError, ValueError), match=f"not {value}|{value}"):
            NUMBERS[name](connect_mock, connect_instance, connect_queue, value)


@pytest.mark.parametrize("name", ["assert_contact_count", "assert_called", "describe_calls"])
@pytest.mark.parametrize("value", ["1", 1.0, -1])
def test_an_invalid_count_is_refused(
    name: str, value: Any, connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    error = ValueError if value == -1 else TypeError
    with pytest.raises(error, match=rf"{name} takes .* from 0 on, not {value!r}\."):
        NUMBERS[name](connect_mock, connect_instance, connect_queue, value)


SWITCHES: dict[str, Mistake] = {
    "enabled": lambda mock, instance, queue, value: instance.add_queue(enabled=value),
    "answer_machine_detection": lambda mock, instance, queue, value: instance.add_campaign(
        answer_machine_detection=value
    ),
    "strict": lambda mock, instance, queue, value: ConnectMock(strict=value),
}


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("value", ["no", 0, None])
def test_a_value_that_is_not_a_bool_is_refused(
    name: str, value: Any, connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    with pytest.raises(TypeError, match=rf"{name}.* not {value!r}"):
        SWITCHES[name](connect_mock, connect_instance, connect_queue, value)
    assert connect_instance.queues == [connect_queue]
    assert connect_instance.campaigns == []


TEXTS: dict[str, Mistake] = {
    "alias": lambda mock, instance, queue, value: mock.add_instance(value),
    "queue name": lambda mock, instance, queue, value: instance.add_queue(value),
    "campaign name": lambda mock, instance, queue, value: instance.add_campaign(value),
    "queue": lambda mock, instance, queue, value: instance.add_campaign(queue=value),
    "mode": lambda mock, instance, queue, value: instance.add_campaign(mode=value),
    "id": lambda mock, instance, queue, value: instance.add_campaign(id=value),
    "source_number": lambda mock, instance, queue, value: instance.add_campaign(source_number=value),
    "phone number": lambda mock, instance, queue, value: instance.add_phone_number(value),
    "profile": lambda mock, instance, queue, value: instance.add_profile(value),
    "attribute": lambda mock, instance, queue, value: instance.add_profile(
        "+15555550100", attributes={"lead": value}
    ),
    "attributes": lambda mock, instance, queue, value: instance.add_profile("+15555550100", attributes=value),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_value_that_is_not_a_string_is_refused(
    name: str, connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    mistakes: list[Any] = [7, {"QueueId": connect_queue.id}.keys(), b"Queue 1"]

    for value in mistakes:
        with pytest.raises((TypeError, ValueError), match=f"(not|no mode) .*{re.escape(repr(value))}"):
            TEXTS[name](connect_mock, connect_instance, connect_queue, value)
    assert connect_mock.instances == [connect_instance]
    assert connect_instance.queues == [connect_queue]
    assert connect_instance.campaigns == []
    assert connect_instance.phone_numbers == []


def test_a_queue_is_refused_as_a_campaign(connect_instance: Instance, connect_campaign: Campaign) -> None:
    mistake: Any = connect_campaign

    with pytest.raises(TypeError, match=r"queue= takes a Queue, its id or its name, not <Campaign "):
        connect_instance.add_campaign(queue=mistake)
