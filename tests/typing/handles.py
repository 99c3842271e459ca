"""The types of seeded resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import assert_type

from connect_batchmock import (
    Agent,
    Campaign,
    ConnectMock,
    Contacts,
    CustomerProfile,
    Instance,
    PhoneNumber,
    Queue,
)
from connect_batchmock.protocol.literals import CampaignState


def an_instance(connect_mock: ConnectMock) -> None:
    instance = connect_mock.add_instance("acme", region="eu-west-2")
    assert_type(connect_mock.instances, list[Instance])
    assert_type(instance, Instance)
    assert_type(instance.id, str)
    assert_type(instance.arn, str)
    assert_type(instance.alias, str)
    assert_type(instance.region, str)
    assert_type(instance.queues, list[Queue])
    assert_type(instance.campaigns, list[Campaign])
    assert_type(instance.phone_numbers, list[PhoneNumber])
    assert_type(instance.contacts, Contacts)
    assert_type(instance.communication_limits, Mapping[str, Any])
    assert_type(instance.add_phone_number("+15555550199"), PhoneNumber)
    assert_type(instance.add_profile("+15555550100", attributes={"lead": "7"}), CustomerProfile)
    instance.fail_onboarding("KMS_KEY_NOT_FOUND")
    instance.add_queue(enabeld=False)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    instance.id = "mine"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def a_queue(instance: Instance) -> None:
    queue = instance.add_queue("Outbound sales", enabled=True)
    assert_type(queue, Queue)
    assert_type(queue.id, str)
    assert_type(queue.name, str)
    assert_type(queue.enabled, bool)
    assert_type(queue.add_agents(2), list[Agent])
    assert_type(queue.agents, list[Agent])
    assert_type(queue.contacts, Contacts)
    queue.disable()
    queue.enable()
    queue.delete()


def an_agent(instance: Instance, queue: Queue) -> None:
    agent = instance.add_agent("anna", queues=[queue, "Support"], first_name="Anna", status="Lunch")
    assert_type(agent, Agent)
    assert_type(agent.username, str)
    assert_type(agent.status, str)
    assert_type(agent.activity, str)
    assert_type(agent.queues, list[Queue])
    assert_type(agent.contacts, Contacts)
    assert_type(instance.agents, list[Agent])
    agent.set_status("Available")


def a_campaign(instance: Instance, queue: Queue) -> None:
    campaign = instance.add_campaign("Spring", queue=queue, mode="preview", bandwidth_allocation=0.5)
    assert_type(campaign, Campaign)
    assert_type(campaign.id, str)
    assert_type(campaign.state, CampaignState)
    assert_type(campaign.queue, Queue | None)
    assert_type(campaign.contacts, Contacts)
    assert_type(campaign.communication_time, Mapping[str, Any])
    assert_type(campaign.communication_limits, Mapping[str, Any])
    campaign.start()
    campaign.pause()
    campaign.resume()
    campaign.stop()
    campaign.fail()
    campaign.delete()
    assert_type(instance.add_campaign(queue=queue.id), Campaign)
    instance.add_campaign(queue=campaign)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
