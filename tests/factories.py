"""Valid input for every faked operation, and the resources that it refers to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from connect_batchmock import (
    Agent,
    Campaign,
    ConnectMock,
    Contact,
    CustomerProfile,
    Instance,
    PhoneNumber,
    Queue,
)

Parameters = dict[str, Any]
Item = dict[str, Any]
"""An entry of a ContactDataRequestList."""
AnItem = Callable[..., Item]
"""The fixture ``an_item``."""
Put = Callable[..., dict[str, Any]]
"""The fixture ``put``."""
UNKNOWN = "00000000-0000-4000-8000-000000000000"
"""The id of nothing in any mock."""
START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
"""The time at which the fixture ``frozen_time`` stops the clock."""
PREVIEW = {
    "Type": "AGENT_FIRST",
    "Config": {
        "AgentFirst": {
            "Preview": {
                "PostAcceptTimeoutConfig": {"DurationInSeconds": 30},
                "AllowedUserActions": ["CALL", "DISCARD"],
            }
        }
    },
}
"""An OutboundStrategy with a preview of 30 seconds."""


def item_for(queue: Queue, campaign: Campaign, address: str = "+15555550100", /, **members: Any) -> Item:
    """Return a valid item; a keyword adds or replaces a member, and None removes it."""
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": address},
        "QueueId": queue.id,
        "Campaign": {"CampaignId": campaign.id},
        **members,
    }
    return {name: value for name, value in item.items() if value is not None}


@dataclass
class Seeded:
    """The resources that the input of operations refers to."""

    now: datetime
    instance: Instance
    created_instance: str
    queue: Queue
    campaign: Campaign
    running: Campaign
    of_version_2: str
    contact: Contact
    number: PhoneNumber
    profile: CustomerProfile
    hours: str
    unused_hours: str
    flow: str
    agent: Agent
    profile_of_agent: str
    status: str


def seed(connect_mock: ConnectMock, clients: Mapping[str, Any]) -> Seeded:
    """Seed an instance with one resource of each kind, and contacts in every state."""
    connect_client = clients["connect"]
    instance = connect_mock.add_instance()
    queue, campaign = instance.add_queue(), instance.add_campaign()
    running = instance.add_campaign(queue=queue)
    running.start()
    (agent,) = queue.add_agents(1)
    connect_client.batch_put_contact(
        InstanceId=instance.id,
        ContactDataRequestList=[
            item_for(queue, running, f"+1555555010{number}", Attributes={"lead": str(number)})
            for number in range(3)
        ],
    )
    connect_mock.advance(70)
    hours = connect_client.list_hours_of_operations(InstanceId=instance.id)["HoursOfOperationSummaryList"]
    of_version_2 = clients["connectcampaignsv2"].create_campaign(
        name="of version 2",
        connectInstanceId=instance.id,
        channelSubtypeConfig={"telephony": TELEPHONY | {"connectQueueId": queue.id}, "email": EMAIL},
        schedule=schedule_from(connect_mock.now()),
        source={"customerProfilesSegmentArn": SEGMENT},
        tags={"team": "sales"},
    )
    flow = connect_client.create_contact_flow(
        InstanceId=instance.id, Name="Outbound", Type="CONTACT_FLOW", Content="{}"
    )
    unused_hours = connect_client.create_hours_of_operation(
        InstanceId=instance.id, Name="Unused", TimeZone="UTC", Config=[]
    )
    created_instance = connect_client.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="created",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    user = connect_client.describe_user(InstanceId=instance.id, UserId=agent.id)["User"]
    status = connect_client.create_agent_status(InstanceId=instance.id, Name="Lunch", State="ENABLED")
    clients["connectcampaignsv2"].put_connect_instance_integration(
        connectInstanceId=instance.id, integrationConfig=INTEGRATION
    )
    return Seeded(
        now=connect_mock.now(),
        instance=instance,
        created_instance=created_instance["Id"],
        queue=queue,
        campaign=campaign,
        running=running,
        of_version_2=of_version_2["id"],
        contact=connect_mock.contacts[0],
        number=instance.add_phone_number("+18005550177"),
        profile=instance.add_profile("+15555550177"),
        hours=hours[0]["Id"],
        unused_hours=unused_hours["HoursOfOperationId"],
        flow=flow["ContactFlowId"],
        agent=agent,
        profile_of_agent=user["RoutingProfileId"],
        status=status["AgentStatusId"],
    )


def schedule_from(now: datetime) -> Parameters:
    return {"startTime": now, "endTime": now + timedelta(days=1)}


AMD = {"enableAnswerMachineDetection": True}
PROGRESSIVE = {"progressiveDialerConfig": {"bandwidthAllocation": 0.5}}
TELEPHONY = {
    "outboundMode": {"progressive": {"bandwidthAllocation": 0.5}},
    "defaultOutboundConfig": {"connectContactFlowId": "a flow", "answerMachineDetectionConfig": AMD},
}
ARN = "arn:aws:{}:us-east-1:123456789012:{}"
SEGMENT = ARN.format("profile", "domains/leads/segment-definitions/all")
EMAIL = {
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {
        "connectSourceEmailAddress": "sales@example.com",
        "wisdomTemplateArn": ARN.format("wisdom", "message-template/a/b"),
    },
}
TIME_WINDOW = {"openHours": {"dailyHours": {"MONDAY": [{"startTime": "T09:00", "endTime": "T17:00"}]}}}
COMMUNICATION_TIME = {"localTimeZoneConfig": {"defaultTimeZone": "UTC"}, "telephony": TIME_WINDOW}
LIMITS = {
    "allChannelSubtypes": {
        "communicationLimitsList": [{"maxCountPerRecipient": 1, "frequency": 1, "unit": "DAY"}]
    }
}
LEADS = {"domainArn": ARN.format("profile", "domains/leads")}
INTEGRATION = {"customerProfiles": LEADS | {"objectTypeNames": {"Campaign-Email": "leads"}}}
DAY = {"Day": "MONDAY", "StartTime": {"Hours": 9, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 0}}


def of_instance(seeded: Seeded) -> Parameters:
    return {"InstanceId": seeded.instance.id}


def of_queue(seeded: Seeded) -> Parameters:
    return of_instance(seeded) | {"QueueId": seeded.queue.id}


def of_flow(seeded: Seeded) -> Parameters:
    return of_instance(seeded) | {"ContactFlowId": seeded.flow}


def of_number(seeded: Seeded) -> Parameters:
    return {"PhoneNumberId": seeded.number.id}


def of_user(seeded: Seeded) -> Parameters:
    return of_instance(seeded) | {"UserId": seeded.agent.id}


def of_contact(seeded: Seeded) -> Parameters:
    return of_instance(seeded) | {"ContactId": seeded.contact.id}


def of_campaign(seeded: Seeded) -> Parameters:
    return {"id": seeded.campaign.id}


def of_version_2(seeded: Seeded) -> Parameters:
    return {"id": seeded.of_version_2}


def onboarded(seeded: Seeded) -> Parameters:
    return {"connectInstanceId": seeded.instance.id}


def in_ten_minutes(seeded: Seeded) -> datetime:
    return seeded.now + timedelta(minutes=10)


CONNECT: Mapping[str, Callable[[Seeded], Parameters]] = {
    "BatchPutContact": lambda seeded: (
        of_instance(seeded)
        | {
            "ContactDataRequestList": [
                {},
                item_for(seeded.queue, seeded.campaign, RequestIdentifier="1"),
            ]
        }
    ),
    "CreateInstance": lambda seeded: {
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": "another",
        "InboundCallsEnabled": False,
        "OutboundCallsEnabled": True,
    },
    "DescribeInstance": of_instance,
    "ListInstances": lambda seeded: {},
    "DeleteInstance": of_instance,
    "DescribeInstanceAttribute": lambda seeded: of_instance(seeded) | {"AttributeType": "OUTBOUND_CALLS"},
    "UpdateInstanceAttribute": lambda seeded: (
        of_instance(seeded) | {"AttributeType": "CONTACT_LENS", "Value": "false"}
    ),
    "ListInstanceAttributes": of_instance,
    "ListIntegrationAssociations": of_instance,
    "CreateHoursOfOperation": lambda seeded: (
        of_instance(seeded)
        | {"Name": "Mondays", "TimeZone": "UTC", "Config": [DAY], "Description": "at nine"}
    ),
    "DescribeHoursOfOperation": lambda seeded: of_instance(seeded) | {"HoursOfOperationId": seeded.hours},
    "ListHoursOfOperations": of_instance,
    "UpdateHoursOfOperation": lambda seeded: (
        of_instance(seeded) | {"HoursOfOperationId": seeded.hours, "Name": "Mondays", "Config": [DAY]}
    ),
    "DeleteHoursOfOperation": lambda seeded: (
        of_instance(seeded) | {"HoursOfOperationId": seeded.unused_hours}
    ),
    "CreateQueue": lambda seeded: (
        of_instance(seeded) | {"Name": "another", "HoursOfOperationId": seeded.hours}
    ),
    "DescribeQueue": of_queue,
    "ListQueues": of_instance,
    "SearchQueues": of_instance,
    "UpdateQueueName": lambda seeded: of_queue(seeded) | {"Name": "other"},
    "UpdateQueueStatus": lambda seeded: of_queue(seeded) | {"Status": "DISABLED"},
    "UpdateQueueMaxContacts": lambda seeded: of_queue(seeded) | {"MaxContacts": 5},
    "UpdateQueueOutboundCallerConfig": lambda seeded: (
        of_queue(seeded) | {"OutboundCallerConfig": {"OutboundCallerIdNumberId": seeded.number.id}}
    ),
    "UpdateQueueHoursOfOperation": lambda seeded: of_queue(seeded) | {"HoursOfOperationId": seeded.hours},
    "ListQueueQuickConnects": of_queue,
    "DeleteQueue": lambda seeded: of_instance(seeded) | {"QueueId": seeded.instance.add_queue().id},
    "SearchAvailablePhoneNumbers": lambda seeded: (
        of_instance(seeded) | {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    ),
    "ClaimPhoneNumber": lambda seeded: of_instance(seeded) | {"PhoneNumber": "+442079460000"},
    "DescribePhoneNumber": of_number,
    "ListPhoneNumbers": of_instance,
    "ListPhoneNumbersV2": lambda seeded: {"TargetArn": seeded.instance.arn},
    "ReleasePhoneNumber": of_number,
    "UpdatePhoneNumber": lambda seeded: of_number(seeded) | {"InstanceId": seeded.created_instance},
    "AssociatePhoneNumberContactFlow": lambda seeded: of_number(seeded) | of_flow(seeded),
    "DisassociatePhoneNumberContactFlow": lambda seeded: of_number(seeded) | of_instance(seeded),
    "CreateContactFlow": lambda seeded: (
        of_instance(seeded) | {"Name": "another", "Type": "CONTACT_FLOW", "Content": "{}"}
    ),
    "DescribeContactFlow": of_flow,
    "ListContactFlows": of_instance,
    "UpdateContactFlowContent": lambda seeded: of_flow(seeded) | {"Content": "{}"},
    "UpdateContactFlowName": lambda seeded: of_flow(seeded) | {"Name": "other", "Description": "not used"},
    "DeleteContactFlow": of_flow,
    "ListFlowAssociations": of_instance,
    "TagResource": lambda seeded: {"resourceArn": seeded.queue.arn, "tags": {"team": "sales"}},
    "UntagResource": lambda seeded: {"resourceArn": seeded.queue.arn, "tagKeys": ["team"]},
    "ListTagsForResource": lambda seeded: {"resourceArn": seeded.queue.arn},
    "DescribeContact": of_contact,
    "GetContactAttributes": lambda seeded: of_instance(seeded) | {"InitialContactId": seeded.contact.id},
    "UpdateContactAttributes": lambda seeded: (
        of_instance(seeded) | {"InitialContactId": seeded.contact.id, "Attributes": {"plan": "gold"}}
    ),
    "UpdateContact": lambda seeded: (
        of_contact(seeded)
        | {"Name": "lead", "References": {"crm": {"Type": "URL", "Value": "https://example.com"}}}
    ),
    "StopContact": lambda seeded: (
        of_instance(seeded)
        | {
            "ContactId": next(
                contact.id for contact in seeded.instance.contacts if contact.state == "INITIATED"
            )
        }
    ),
    "SearchContacts": lambda seeded: (
        of_instance(seeded)
        | {
            "TimeRange": {
                "Type": "INITIATION_TIMESTAMP",
                "StartTime": seeded.now - timedelta(days=1),
                "EndTime": seeded.now + timedelta(days=1),
            }
        }
    ),
    "ListContactReferences": lambda seeded: of_contact(seeded) | {"ReferenceTypes": ["URL"]},
    "TagContact": lambda seeded: of_contact(seeded) | {"Tags": {"team": "sales"}},
    "UntagContact": lambda seeded: of_contact(seeded) | {"TagKeys": ["team"]},
    "StartOutboundVoiceContact": lambda seeded: (
        of_queue(seeded) | {"DestinationPhoneNumber": "+15555550188", "ContactFlowId": seeded.flow}
    ),
    "GetCurrentMetricData": lambda seeded: (
        of_instance(seeded)
        | {
            "Filters": {"Queues": [seeded.queue.id], "Channels": ["VOICE"]},
            "Groupings": ["QUEUE", "CHANNEL"],
            "CurrentMetrics": [
                {"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"},
                {"Name": "AGENTS_ONLINE", "Unit": "COUNT"},
            ],
        }
    ),
    "GetMetricDataV2": lambda seeded: {
        "ResourceArn": seeded.instance.arn,
        "StartTime": seeded.now - timedelta(hours=1),
        "EndTime": seeded.now.replace(microsecond=0),
        "Filters": [{"FilterKey": "CAMPAIGN", "FilterValues": [seeded.running.arn]}],
        "Groupings": ["CAMPAIGN"],
        "Metrics": [
            {"Name": "DELIVERY_ATTEMPTS"},
            {
                "Name": "CAMPAIGN_CONTACTS_ABANDONED_AFTER_X_RATE",
                "Threshold": [{"Comparison": "GT", "ThresholdValue": 2}],
            },
        ],
    },
    "GetCurrentUserData": lambda seeded: of_instance(seeded) | {"Filters": {"Queues": [seeded.queue.id]}},
    "DescribeUser": of_user,
    "ListUsers": of_instance,
    "SearchUsers": lambda seeded: (
        of_instance(seeded)
        | {"SearchCriteria": {"StringCondition": {"FieldName": "Username", "Value": "agent-1"}}}
    ),
    "PutUserStatus": lambda seeded: of_user(seeded) | {"AgentStatusId": seeded.status},
    "CreateAgentStatus": lambda seeded: of_instance(seeded) | {"Name": "Break", "State": "ENABLED"},
    "DescribeAgentStatus": lambda seeded: of_instance(seeded) | {"AgentStatusId": seeded.status},
    "ListAgentStatuses": lambda seeded: of_instance(seeded) | {"AgentStatusTypes": ["CUSTOM"]},
    "DescribeRoutingProfile": lambda seeded: (
        of_instance(seeded) | {"RoutingProfileId": seeded.profile_of_agent}
    ),
    "ListRoutingProfiles": of_instance,
}
BOTH_CAMPAIGNS: Mapping[str, Callable[[Seeded], Parameters]] = {
    "DescribeCampaign": of_campaign,
    "DeleteCampaign": of_campaign,
    "StartCampaign": of_campaign,
    "PauseCampaign": lambda seeded: {"id": seeded.running.id},
    "ResumeCampaign": lambda seeded: {"id": paused(seeded).id},
    "StopCampaign": lambda seeded: {"id": seeded.running.id},
    "GetCampaignState": of_campaign,
    "GetCampaignStateBatch": lambda seeded: {"campaignIds": [seeded.campaign.id, UNKNOWN]},
    "ListCampaigns": lambda seeded: {},
    "UpdateCampaignName": lambda seeded: of_campaign(seeded) | {"name": "another"},
    "StartInstanceOnboardingJob": lambda seeded: {
        "connectInstanceId": seeded.created_instance,
        "encryptionConfig": {"enabled": False},
    },
    "GetInstanceOnboardingJobStatus": onboarded,
    "DeleteInstanceOnboardingJob": onboarded,
    "GetConnectInstanceConfig": onboarded,
    "DeleteConnectInstanceConfig": lambda seeded: {"connectInstanceId": idle(seeded).id},
    "TagResource": lambda seeded: {"arn": seeded.campaign.arn, "tags": {"team": "sales"}},
    "UntagResource": lambda seeded: {"arn": seeded.campaign.arn, "tagKeys": ["team"]},
    "ListTagsForResource": lambda seeded: {"arn": seeded.campaign.arn},
}
CAMPAIGNS: Mapping[str, Callable[[Seeded], Parameters]] = {
    **BOTH_CAMPAIGNS,
    "CreateCampaign": lambda seeded: (
        onboarded(seeded)
        | {
            "name": "of version 1",
            "dialerConfig": PROGRESSIVE,
            "outboundCallConfig": {
                "connectContactFlowId": seeded.flow,
                "connectQueueId": seeded.queue.id,
                "answerMachineDetectionConfig": AMD,
            },
            "tags": {"team": "sales"},
        }
    ),
    "UpdateCampaignDialerConfig": lambda seeded: {"id": seeded.running.id, "dialerConfig": PROGRESSIVE},
    "UpdateCampaignOutboundCallConfig": lambda seeded: (
        of_campaign(seeded) | {"connectContactFlowId": seeded.flow, "answerMachineDetectionConfig": AMD}
    ),
    "PutDialRequestBatch": lambda seeded: {
        "id": seeded.running.id,
        "dialRequests": [
            {
                "clientToken": "token",
                "phoneNumber": number,
                "expirationTime": in_ten_minutes(seeded),
                "attributes": {},
            }
            for number in ("5550100", "+15555550100")
        ],
    },
}
CAMPAIGNS_V2: Mapping[str, Callable[[Seeded], Parameters]] = {
    **BOTH_CAMPAIGNS,
    "DescribeCampaign": of_version_2,
    "CreateCampaign": lambda seeded: (
        onboarded(seeded)
        | {
            "name": "another of version 2",
            "channelSubtypeConfig": {"email": EMAIL},
            "schedule": schedule_from(seeded.now),
        }
    ),
    "UpdateCampaignChannelSubtypeConfig": lambda seeded: (
        of_version_2(seeded) | {"channelSubtypeConfig": {"email": EMAIL}}
    ),
    "DeleteCampaignChannelSubtypeConfig": lambda seeded: of_version_2(seeded) | {"channelSubtype": "EMAIL"},
    "UpdateCampaignSchedule": lambda seeded: of_version_2(seeded) | {"schedule": schedule_from(seeded.now)},
    "UpdateCampaignSource": lambda seeded: (
        of_version_2(seeded) | {"source": {"customerProfilesSegmentArn": SEGMENT}}
    ),
    "UpdateCampaignFlowAssociation": lambda seeded: (
        of_version_2(seeded) | {"connectCampaignFlowArn": f"{seeded.instance.arn}/contact-flow/{seeded.flow}"}
    ),
    "UpdateCampaignCommunicationTime": lambda seeded: (
        of_version_2(seeded) | {"communicationTimeConfig": COMMUNICATION_TIME}
    ),
    "DeleteCampaignCommunicationTime": lambda seeded: of_version_2(seeded) | {"config": "TELEPHONY"},
    "UpdateCampaignCommunicationLimits": lambda seeded: (
        of_version_2(seeded) | {"communicationLimitsOverride": LIMITS}
    ),
    "DeleteCampaignCommunicationLimits": lambda seeded: (
        of_version_2(seeded) | {"config": "ALL_CHANNEL_SUBTYPES"}
    ),
    "UpdateCampaignEntryLimits": lambda seeded: (
        of_version_2(seeded) | {"entryLimitsConfig": {"maxEntryCount": 1, "minEntryInterval": "PT1H"}}
    ),
    "DeleteCampaignEntryLimits": of_version_2,
    "PutConnectInstanceIntegration": lambda seeded: onboarded(seeded) | {"integrationConfig": INTEGRATION},
    "DeleteConnectInstanceIntegration": lambda seeded: (
        onboarded(seeded) | {"integrationIdentifier": {"customerProfiles": LEADS}}
    ),
    "ListConnectInstanceIntegrations": onboarded,
    "PutInstanceCommunicationLimits": lambda seeded: (
        onboarded(seeded) | {"communicationLimitsConfig": LIMITS}
    ),
    "GetInstanceCommunicationLimits": onboarded,
    "PutOutboundRequestBatch": lambda seeded: {
        "id": seeded.running.id,
        "outboundRequests": [
            {
                "clientToken": f"token-{len(number)}",
                "expirationTime": in_ten_minutes(seeded),
                "channelSubtypeParameters": {
                    "telephony": {"destinationPhoneNumber": number, "attributes": {}}
                },
            }
            for number in ("5550100", "+15555550100")
        ],
    },
    "PutProfileOutboundRequestBatch": lambda seeded: {
        "id": seeded.running.id,
        "profileOutboundRequests": [
            {"clientToken": f"token-{profile}", "profileId": profile}
            for profile in (seeded.profile.id, "0" * 32)
        ],
    },
}
GOOD = {
    (service, operation): make
    for service, operations in (
        ("connect", CONNECT),
        ("connectcampaigns", CAMPAIGNS),
        ("connectcampaignsv2", CAMPAIGNS_V2),
    )
    for operation, make in operations.items()
}


def paused(seeded: Seeded) -> Campaign:
    seeded.running.pause()
    return seeded.running


def idle(seeded: Seeded) -> Instance:
    seeded.running.stop()
    return seeded.instance


def least(shape: Any) -> Any:
    """Make the least value that botocore sends."""
    if shape.type_name == "structure":
        members = list(shape.members)[:1] if shape.is_tagged_union else shape.required_members
        return {name: least(shape.members[name]) for name in members}
    if shape.type_name == "list":
        return [least(shape.member)]
    return {"string": "1" * 40, "boolean": True, "map": {}, "double": 0.5, "integer": 1}[shape.type_name]
