"""The outcomes that a test sets with on_dial, and the errors for invalid ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import item_for

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Outcome, Queue, outcomes
from connect_batchmock.engine.faults import PlanError

PutFor = Callable[..., list[str]]


def reasons(mock: ConnectMock) -> list[str | None]:
    return [contact.disconnect_reason for contact in mock.contacts]


@pytest.fixture(autouse=True)
def agents(connect_queue: Queue) -> None:
    """Add an agent for every customer."""
    connect_queue.add_agents(10)


def test_one_outcome_applies_to_every_contact(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcomes.busy())
    put_for(connect_campaign, 3)
    connect_mock.advance(60)
    assert reasons(connect_mock) == ["TELECOM_BUSY"] * 3


def test_after_a_list_every_customer_answers(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    policy = [outcomes.busy(), outcomes.no_answer()]
    connect_mock.on_dial(policy)
    policy.append(outcomes.invalid_number())
    put_for(connect_campaign, 4)
    connect_mock.advance(120)
    assert reasons(connect_mock) == ["TELECOM_BUSY", "TELECOM_UNANSWERED", *["CUSTOMER_DISCONNECT"] * 2]


def test_a_policy_is_called_once_for_each_contact(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    seen = []

    def policy(contact: Contact) -> Outcome:
        seen.append(contact.id)
        return outcomes.busy() if contact.attributes == {"lead": "7"} else outcomes.answered()

    connect_mock.on_dial(policy)
    ids = put_for(connect_campaign, 1, Attributes={"lead": "7"}) + put_for(connect_campaign, 1)
    connect_mock.advance(120)
    assert reasons(connect_mock) == ["TELECOM_BUSY", "CUSTOMER_DISCONNECT"]
    assert seen == ids


def test_another_policy_is_for_contacts_that_are_dialed_later(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcomes.busy())
    put_for(connect_campaign)
    connect_mock.on_dial(outcomes.invalid_number())
    put_for(connect_campaign)
    connect_mock.advance(60)
    assert reasons(connect_mock) == ["TELECOM_BUSY", "TELECOM_NUMBER_INVALID"]


def test_reset_forgets_the_policy(connect_mock: ConnectMock) -> None:
    connect_mock.on_dial(outcomes.busy())
    connect_mock.reset()
    instance = connect_mock.add_instance()
    queue = instance.add_queue()
    queue.add_agents(1)
    campaign = instance.add_campaign(queue=queue)
    connect_mock.client().batch_put_contact(
        InstanceId=instance.id,
        ContactDataRequestList=[item_for(queue, campaign)],
    )
    connect_mock.advance(65)
    assert reasons(connect_mock) == ["CUSTOMER_DISCONNECT"]


async def a_coroutine(contact: Contact) -> Outcome:
    return outcomes.busy()


@pytest.mark.parametrize("policy", ["busy", "", None, 7, ["busy"], [outcomes.busy(), None], a_coroutine])
def test_a_policy_is_one_of_three_things(connect_mock: ConnectMock, policy: Any) -> None:
    with pytest.raises(TypeError, match=r"on_dial takes an outcome such as outcomes\.busy\(\), a list"):
        connect_mock.on_dial(policy)


@pytest.mark.connect_mock(strict=False)
def test_a_policy_that_raises_does_not_stop_the_others(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    def policy(contact: Contact) -> Outcome:
        if contact.customer_address.endswith("1"):
            raise KeyError("nothing")
        return outcomes.answered()

    connect_campaign.start()
    connect_campaign.pause()
    put_for(connect_campaign, 3)
    connect_mock.on_dial(policy)
    connect_campaign.resume()

    with pytest.raises(
        PlanError, match=r"on_dial raised KeyError for \+15550000001.* a phone call: 'nothing"
    ):
        connect_mock.advance(1)

    connect_mock.advance(65)
    assert reasons(connect_mock) == ["CUSTOMER_DISCONNECT", "OUTBOUND_ATTEMPT_FAILED", "CUSTOMER_DISCONNECT"]


@pytest.mark.connect_mock(strict=False)
@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            lambda contact: "busy",
            r"must return an outcome such as outcomes\.busy\(\), and returned 'busy' for",
        ),
        (outcomes.preview_discarded(), "cannot be discarded: only a contact in preview mode can"),
    ],
)
def test_an_invalid_policy_result_is_reported(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor, policy: Any, message: str
) -> None:
    connect_mock.on_dial(policy)
    with pytest.raises(PlanError, match=message):
        put_for(connect_campaign)
    assert reasons(connect_mock) == ["OUTBOUND_ATTEMPT_FAILED"]
    with pytest.raises(AssertionError, match=message):
        connect_mock.assert_no_pending_faults()


TIMES = ["ring", "talk", "preview", "after_contact_work", "patience"]


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "5", True])
def test_a_time_is_a_number_of_seconds(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name}= takes seconds, a number from 0 to one year"):
        outcomes.answered(**{name: value})


def test_disconnected_by_takes_customer_or_agent() -> None:
    with pytest.raises(ValueError, match="disconnected_by= takes 'customer' or 'agent', not 'nobody'"):
        outcomes.answered(disconnected_by="nobody")


@pytest.mark.parametrize("count", [0, -1, 10_001, 2**63, 1.5, True, "2"])
def test_agents_are_counted_in_whole_numbers(connect_queue: Queue, count: Any) -> None:
    with pytest.raises(ValueError, match="add_agents takes an integer from 1 to 10,000, not "):
        connect_queue.add_agents(count)


def test_agents_have_ids_and_names_of_their_own(connect_instance: Instance, connect_queue: Queue) -> None:
    agents = connect_queue.agents
    assert len({agent.id for agent in agents}) == len({agent.username for agent in agents}) == 10
    assert agents[0].arn == f"{connect_instance.arn}/agent/{agents[0].id}"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "aggressive"}, "A campaign has no mode 'aggressive'; the modes are progressive,"),
        ({"mode": "preview", "queue": None}, "in preview mode dials for the agents of a queue"),
        ({"bandwidth_allocation": 1.5}, "bandwidth_allocation= takes a number from 0 to 1, not 1.5"),
        ({"bandwidth_allocation": True}, "bandwidth_allocation= takes a number from 0 to 1, not True"),
        ({"source_number": "5550100"}, "source_number= takes a number in E.164 format"),
    ],
)
def test_a_campaign_dials_as_campaigns_can(
    connect_instance: Instance, connect_queue: Queue, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        connect_instance.add_campaign(**{"queue": connect_queue, **options})


def test_a_profile_has_a_number(connect_instance: Instance) -> None:
    with pytest.raises(ValueError, match=r"add_profile takes a number in E\.164 format"):
        connect_instance.add_profile("5550100")


def test_a_policy_decides_and_does_nothing_else(
    connect_mock: ConnectMock, connect_instance: Instance, connect_campaign: Campaign, put_for: PutFor
) -> None:
    tried: list[str] = []

    def refused(call: Callable[[], object]) -> None:
        with pytest.raises(PlanError, match="It chooses the outcome of a contact and can only read"):
            call()
        tried.append("refused")

    def policy(contact: Contact) -> Outcome:
        refused(lambda: put_for(connect_campaign))
        refused(connect_mock.reset)
        refused(lambda: connect_mock.advance(1))
        refused(lambda: connect_instance.add_queue())
        refused(connect_campaign.delete)
        assert connect_mock.contacts[-1] == contact
        return outcomes.busy()

    connect_mock.on_dial(policy)
    put_for(connect_campaign)
    connect_mock.advance(60)
    assert reasons(connect_mock) == ["TELECOM_BUSY"]
    assert tried == ["refused"] * 5


@pytest.mark.connect_mock(strict=False)
@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (
            Outcome("buzy"),
            "'buzy' is no kind of outcome; the functions of connect_batchmock.outcomes make answered",
        ),
        (Outcome("answered", talk=1e12), "talk= takes seconds, a number from 0 to one year"),
    ],
)
def test_an_invalid_outcome_is_refused_from_every_source(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor, outcome: Outcome, message: str
) -> None:
    for policy in (outcome, [outcome]):
        with pytest.raises(ValueError, match=message):
            connect_mock.on_dial(policy)
    connect_mock.on_dial(lambda contact: outcome)
    with pytest.raises(PlanError, match=message):
        put_for(connect_campaign)
    assert reasons(connect_mock) == ["OUTBOUND_ATTEMPT_FAILED"]


@pytest.mark.parametrize(
    ("ended_by", "reason"),
    [
        (None, "CONTACT_FLOW_DISCONNECT"),
        ("customer", "CUSTOMER_DISCONNECT"),
        ("agent", "CONTACT_FLOW_DISCONNECT"),
    ],
)
def test_without_an_agent_the_flow_or_the_customer_ends_the_call(
    connect_mock: ConnectMock, connect_instance: Instance, put_for: PutFor, ended_by: str | None, reason: str
) -> None:
    connect_mock.on_dial(outcomes.answered(disconnected_by=ended_by))
    system = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    put_for(connect_instance.add_campaign(), QueueId=None, SystemEndpoint=system)
    connect_mock.advance(65)
    assert reasons(connect_mock) == [reason]
