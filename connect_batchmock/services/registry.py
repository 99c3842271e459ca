"""The registry of fakes: the function of each operation of each service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from connect_batchmock.services.campaigns import campaigns, configuration, dial_requests, version_1, version_2
from connect_batchmock.services.campaigns import instances as campaign_instances
from connect_batchmock.services.connect import (
    agent_statuses,
    batch_put_contact,
    contact_flows,
    contact_search,
    contacts,
    current_metrics,
    current_user_data,
    historical_metrics,
    hours_of_operation,
    instances,
    outbound_voice,
    phone_numbers,
    queues,
    routing_profiles,
    tags,
    users,
)
from connect_batchmock.services.context import Fake, Operation


class Call(Protocol):
    """What identifies an API call."""

    @property
    def service(self) -> str:
        """The service, as botocore names it."""

    @property
    def operation(self) -> str:
        """The operation, as the model names it."""

    @property
    def internal(self) -> bool:
        """Whether the campaign service made it."""


def _fakes(service: str, *functions: Operation) -> dict[tuple[str, str], Fake]:
    """Return the fakes of a service; the name of a function is its operation's name in snake case."""
    return {(service, _operation_of(function)): Fake(function) for function in functions}


def _operation_of(function: Operation) -> str:
    return "".join(word.capitalize() for word in function.__name__.split("_"))


_CONNECT = _fakes(
    "connect",
    instances.create_instance,
    instances.describe_instance,
    instances.list_instances,
    instances.delete_instance,
    instances.describe_instance_attribute,
    instances.update_instance_attribute,
    instances.list_instance_attributes,
    instances.list_integration_associations,
    hours_of_operation.create_hours_of_operation,
    hours_of_operation.describe_hours_of_operation,
    hours_of_operation.list_hours_of_operations,
    hours_of_operation.update_hours_of_operation,
    hours_of_operation.delete_hours_of_operation,
    queues.create_queue,
    queues.describe_queue,
    queues.list_queues,
    queues.search_queues,
    queues.update_queue_name,
    queues.update_queue_status,
    queues.update_queue_max_contacts,
    queues.update_queue_outbound_caller_config,
    queues.update_queue_hours_of_operation,
    queues.list_queue_quick_connects,
    queues.delete_queue,
    phone_numbers.search_available_phone_numbers,
    phone_numbers.claim_phone_number,
    phone_numbers.describe_phone_number,
    phone_numbers.list_phone_numbers,
    phone_numbers.list_phone_numbers_v2,
    phone_numbers.release_phone_number,
    phone_numbers.update_phone_number,
    phone_numbers.associate_phone_number_contact_flow,
    phone_numbers.disassociate_phone_number_contact_flow,
    contact_flows.create_contact_flow,
    contact_flows.describe_contact_flow,
    contact_flows.list_contact_flows,
    contact_flows.update_contact_flow_content,
    contact_flows.update_contact_flow_name,
    contact_flows.delete_contact_flow,
    contact_flows.list_flow_associations,
    tags.tag_resource,
    tags.untag_resource,
    tags.list_tags_for_resource,
    contacts.describe_contact,
    contacts.get_contact_attributes,
    contacts.update_contact_attributes,
    contacts.update_contact,
    contacts.stop_contact,
    contact_search.search_contacts,
    contacts.list_contact_references,
    contacts.tag_contact,
    contacts.untag_contact,
    outbound_voice.start_outbound_voice_contact,
    current_metrics.get_current_metric_data,
    historical_metrics.get_metric_data_v2,
    current_user_data.get_current_user_data,
    users.describe_user,
    users.list_users,
    users.search_users,
    users.put_user_status,
    agent_statuses.create_agent_status,
    agent_statuses.describe_agent_status,
    agent_statuses.list_agent_statuses,
    routing_profiles.describe_routing_profile,
    routing_profiles.list_routing_profiles,
)
_BOTH_CAMPAIGNS = (
    campaigns.start_campaign,
    campaigns.pause_campaign,
    campaigns.resume_campaign,
    campaigns.stop_campaign,
    campaigns.delete_campaign,
    campaigns.update_campaign_name,
    campaigns.get_campaign_state,
    campaigns.get_campaign_state_batch,
    campaigns.list_campaigns,
    campaign_instances.start_instance_onboarding_job,
    campaign_instances.get_instance_onboarding_job_status,
    campaign_instances.delete_instance_onboarding_job,
    campaign_instances.get_connect_instance_config,
    campaign_instances.delete_connect_instance_config,
    campaigns.tag_resource,
    campaigns.untag_resource,
    campaigns.list_tags_for_resource,
)
_CAMPAIGNS = _fakes(
    "connectcampaigns",
    *_BOTH_CAMPAIGNS,
    version_1.create_campaign,
    version_1.describe_campaign,
    version_1.update_campaign_dialer_config,
    version_1.update_campaign_outbound_call_config,
    dial_requests.put_dial_request_batch,
)
_CAMPAIGNS_V2 = _fakes(
    "connectcampaignsv2",
    *_BOTH_CAMPAIGNS,
    version_2.create_campaign,
    version_2.describe_campaign,
    configuration.update_campaign_channel_subtype_config,
    configuration.delete_campaign_channel_subtype_config,
    configuration.update_campaign_schedule,
    configuration.update_campaign_source,
    configuration.update_campaign_flow_association,
    configuration.update_campaign_communication_time,
    configuration.delete_campaign_communication_time,
    configuration.update_campaign_communication_limits,
    configuration.delete_campaign_communication_limits,
    configuration.update_campaign_entry_limits,
    configuration.delete_campaign_entry_limits,
    campaign_instances.put_connect_instance_integration,
    campaign_instances.delete_connect_instance_integration,
    campaign_instances.list_connect_instance_integrations,
    campaign_instances.put_instance_communication_limits,
    campaign_instances.get_instance_communication_limits,
    dial_requests.put_outbound_request_batch,
)
_FOR_CAMPAIGNS_ONLY = {
    ("connect", "BatchPutContact"): Fake(batch_put_contact.batch_put_contact, for_campaigns_only=True),
    ("connectcampaignsv2", "PutProfileOutboundRequestBatch"): Fake(
        dial_requests.put_profile_outbound_request_batch, for_campaigns_only=True
    ),
}

FAKES: Mapping[tuple[str, str], Fake] = {**_CONNECT, **_CAMPAIGNS, **_CAMPAIGNS_V2, **_FOR_CAMPAIGNS_ONLY}


def needs_campaigns_principal(call: Call) -> bool:
    """Whether an application made an API call that only the campaign service may make."""
    fake = FAKES.get((call.service, call.operation))
    return fake is not None and fake.for_campaigns_only and not call.internal
