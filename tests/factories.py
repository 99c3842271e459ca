"""Good input for every operation that has a fake, and what there has to be for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connect_batchmock import Campaign, ConnectMock, Contact, CustomerProfile, Instance, PhoneNumber, Queue

Parameters = dict[str, Any]
Item = dict[str, Any]
"""An entry of a ContactDataRequestList."""
AnItem = Callable[..., Item]
"""The fixture ``an_item``."""
Put = Callable[..., dict[str, Any]]
"""The fixture ``put``."""
UNKNOWN = "00000000-0000-4000-8000-000000000000"
"""The id of nothing in any mock."""


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
class There:
    """What there is to call operations with."""

    now: datetime
    instance: Instance
    queue: Queue
    campaign: Campaign
    running: Campaign
    of_version_2: str
    contact: Contact
    number: PhoneNumber
    profile: CustomerProfile
    hours: str
    flow: str


def furnish(connect_mock: ConnectMock, clients: Mapping[str, Any]) -> There:
    """Make an instance with one of everything, and contacts at every stage."""
    connect_client = clients["connect"]
    instance = connect_mock.add_instance()
    queue, campaign = instance.add_queue(), instance.add_campaign()
    running = instance.add_campaign(queue=queue)
    running.start()
    queue.add_agents(1)
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
    clients["connectcampaignsv2"].put_connect_instance_integration(
        connectInstanceId=instance.id, integrationConfig=INTEGRATION
    )
    return There(
        now=connect_mock.now(),
        instance=instance,
        queue=queue,
        campaign=campaign,
        running=running,
        of_version_2=of_version_2["id"],
        contact=connect_mock.contacts[0],
        number=instance.add_phone_number("+18005550177"),
        profile=instance.add_profile("+15555550177"),
        hours=hours[0]["Id"],
        flow=flow["ContactFlowId"],
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


def of_instance(there: There) -> Parameters:
    return {"InstanceId": there.instance.id}


def of_queue(there: There) -> Parameters:
    return of_instance(there) | {"QueueId": there.queue.id}


def of_contact(there: There) -> Parameters:
    return of_instance(there) | {"ContactId": there.contact.id}


def of_campaign(there: There) -> Parameters:
    return {"id": there.campaign.id}


def of_version_2(there: There) -> Parameters:
    return {"id": there.of_version_2}


def onboarded(there: There) -> Parameters:
    return {"connectInstanceId": there.instance.id}


def in_ten_minutes(there: There) -> datetime:
    return there.now + timedelta(minutes=10)


CONNECT: Mapping[str, Callable[[There], Parameters]] = {
    "BatchPutContact": lambda there: (
        of_instance(there)
        | {
            "ContactDataRequestList": [
                {},
                item_for(there.queue, there.campaign, RequestIdentifier="1"),
            ]
        }
    ),
    "CreateInstance": lambda there: {
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": "another",
        "InboundCallsEnabled": False,
        "OutboundCallsEnabled": True,
    },
    "DescribeInstance": of_instance,
    "ListInstances": lambda there: {},
    "DeleteInstance": of_instance,
    "DescribeInstanceAttribute": lambda there: of_instance(there) | {"AttributeType": "OUTBOUND_CALLS"},
    "UpdateInstanceAttribute": lambda there: (
        of_instance(there) | {"AttributeType": "CONTACT_LENS", "Value": "false"}
    ),
    "ListInstanceAttributes": of_instance,
    "CreateHoursOfOperation": lambda there: (
        of_instance(there) | {"Name": "Mondays", "TimeZone": "UTC", "Config": [DAY], "Description": "at nine"}
    ),
    "DescribeHoursOfOperation": lambda there: of_instance(there) | {"HoursOfOperationId": there.hours},
    "ListHoursOfOperations": of_instance,
    "CreateQueue": lambda there: of_instance(there) | {"Name": "another", "HoursOfOperationId": there.hours},
    "DescribeQueue": of_queue,
    "ListQueues": of_instance,
    "SearchQueues": of_instance,
    "UpdateQueueName": lambda there: of_queue(there) | {"Name": "other"},
    "UpdateQueueStatus": lambda there: of_queue(there) | {"Status": "DISABLED"},
    "UpdateQueueMaxContacts": lambda there: of_queue(there) | {"MaxContacts": 5},
    "UpdateQueueOutboundCallerConfig": lambda there: (
        of_queue(there) | {"OutboundCallerConfig": {"OutboundCallerIdNumberId": there.number.id}}
    ),
    "DeleteQueue": lambda there: of_instance(there) | {"QueueId": there.instance.add_queue().id},
    "SearchAvailablePhoneNumbers": lambda there: (
        of_instance(there) | {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    ),
    "ClaimPhoneNumber": lambda there: of_instance(there) | {"PhoneNumber": "+442079460000"},
    "DescribePhoneNumber": lambda there: {"PhoneNumberId": there.number.id},
    "ListPhoneNumbers": of_instance,
    "ListPhoneNumbersV2": lambda there: {"TargetArn": there.instance.arn},
    "ReleasePhoneNumber": lambda there: {"PhoneNumberId": there.number.id},
    "CreateContactFlow": lambda there: (
        of_instance(there) | {"Name": "another", "Type": "CONTACT_FLOW", "Content": "{}"}
    ),
    "DescribeContactFlow": lambda there: of_instance(there) | {"ContactFlowId": there.flow},
    "ListContactFlows": of_instance,
    "TagResource": lambda there: {"resourceArn": there.queue.arn, "tags": {"team": "sales"}},
    "UntagResource": lambda there: {"resourceArn": there.queue.arn, "tagKeys": ["team"]},
    "ListTagsForResource": lambda there: {"resourceArn": there.queue.arn},
    "DescribeContact": of_contact,
    "GetContactAttributes": lambda there: of_instance(there) | {"InitialContactId": there.contact.id},
    "UpdateContactAttributes": lambda there: (
        of_instance(there) | {"InitialContactId": there.contact.id, "Attributes": {"plan": "gold"}}
    ),
    "UpdateContact": lambda there: (
        of_contact(there)
        | {"Name": "lead", "References": {"crm": {"Type": "URL", "Value": "https://example.com"}}}
    ),
    "StopContact": lambda there: (
        of_instance(there)
        | {
            "ContactId": next(
                contact.id for contact in there.instance.contacts if contact.state == "INITIATED"
            )
        }
    ),
    "SearchContacts": lambda there: (
        of_instance(there)
        | {
            "TimeRange": {
                "Type": "INITIATION_TIMESTAMP",
                "StartTime": there.now - timedelta(days=1),
                "EndTime": there.now + timedelta(days=1),
            }
        }
    ),
    "ListContactReferences": lambda there: of_contact(there) | {"ReferenceTypes": ["URL"]},
    "TagContact": lambda there: of_contact(there) | {"Tags": {"team": "sales"}},
    "UntagContact": lambda there: of_contact(there) | {"TagKeys": ["team"]},
    "StartOutboundVoiceContact": lambda there: (
        of_queue(there) | {"DestinationPhoneNumber": "+15555550188", "ContactFlowId": there.flow}
    ),
    "GetCurrentMetricData": lambda there: (
        of_instance(there)
        | {
            "Filters": {"Queues": [there.queue.id], "Channels": ["VOICE"]},
            "Groupings": ["QUEUE", "CHANNEL"],
            "CurrentMetrics": [
                {"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"},
                {"Name": "AGENTS_ONLINE", "Unit": "COUNT"},
            ],
        }
    ),
}
BOTH_CAMPAIGNS: Mapping[str, Callable[[There], Parameters]] = {
    "DescribeCampaign": of_campaign,
    "DeleteCampaign": of_campaign,
    "StartCampaign": of_campaign,
    "PauseCampaign": lambda there: {"id": there.running.id},
    "ResumeCampaign": lambda there: {"id": paused(there).id},
    "StopCampaign": lambda there: {"id": there.running.id},
    "GetCampaignState": of_campaign,
    "GetCampaignStateBatch": lambda there: {"campaignIds": [there.campaign.id, UNKNOWN]},
    "ListCampaigns": lambda there: {},
    "UpdateCampaignName": lambda there: of_campaign(there) | {"name": "another"},
    "StartInstanceOnboardingJob": lambda there: onboarded(there) | {"encryptionConfig": {"enabled": False}},
    "GetInstanceOnboardingJobStatus": onboarded,
    "DeleteInstanceOnboardingJob": onboarded,
    "GetConnectInstanceConfig": onboarded,
    "DeleteConnectInstanceConfig": lambda there: {"connectInstanceId": idle(there).id},
    "TagResource": lambda there: {"arn": there.campaign.arn, "tags": {"team": "sales"}},
    "UntagResource": lambda there: {"arn": there.campaign.arn, "tagKeys": ["team"]},
    "ListTagsForResource": lambda there: {"arn": there.campaign.arn},
}
CAMPAIGNS: Mapping[str, Callable[[There], Parameters]] = {
    **BOTH_CAMPAIGNS,
    "CreateCampaign": lambda there: (
        onboarded(there)
        | {
            "name": "of version 1",
            "dialerConfig": PROGRESSIVE,
            "outboundCallConfig": {
                "connectContactFlowId": there.flow,
                "connectQueueId": there.queue.id,
                "answerMachineDetectionConfig": AMD,
            },
            "tags": {"team": "sales"},
        }
    ),
    "UpdateCampaignDialerConfig": lambda there: {"id": there.running.id, "dialerConfig": PROGRESSIVE},
    "UpdateCampaignOutboundCallConfig": lambda there: (
        of_campaign(there) | {"connectContactFlowId": there.flow, "answerMachineDetectionConfig": AMD}
    ),
    "PutDialRequestBatch": lambda there: {
        "id": there.running.id,
        "dialRequests": [
            {
                "clientToken": "token",
                "phoneNumber": number,
                "expirationTime": in_ten_minutes(there),
                "attributes": {},
            }
            for number in ("5550100", "+15555550100")
        ],
    },
}
CAMPAIGNS_V2: Mapping[str, Callable[[There], Parameters]] = {
    **BOTH_CAMPAIGNS,
    "DescribeCampaign": of_version_2,
    "CreateCampaign": lambda there: (
        onboarded(there)
        | {
            "name": "another of version 2",
            "channelSubtypeConfig": {"email": EMAIL},
            "schedule": schedule_from(there.now),
        }
    ),
    "UpdateCampaignChannelSubtypeConfig": lambda there: (
        of_version_2(there) | {"channelSubtypeConfig": {"email": EMAIL}}
    ),
    "DeleteCampaignChannelSubtypeConfig": lambda there: of_version_2(there) | {"channelSubtype": "EMAIL"},
    "UpdateCampaignSchedule": lambda there: of_version_2(there) | {"schedule": schedule_from(there.now)},
    "UpdateCampaignSource": lambda there: (
        of_version_2(there) | {"source": {"customerProfilesSegmentArn": SEGMENT}}
    ),
    "UpdateCampaignFlowAssociation": lambda there: (
        of_version_2(there) | {"connectCampaignFlowArn": f"{there.instance.arn}/contact-flow/{there.flow}"}
    ),
    "UpdateCampaignCommunicationTime": lambda there: (
        of_version_2(there) | {"communicationTimeConfig": COMMUNICATION_TIME}
    ),
    "DeleteCampaignCommunicationTime": lambda there: of_version_2(there) | {"config": "TELEPHONY"},
    "UpdateCampaignCommunicationLimits": lambda there: (
        of_version_2(there) | {"communicationLimitsOverride": LIMITS}
    ),
    "DeleteCampaignCommunicationLimits": lambda there: (
        of_version_2(there) | {"config": "ALL_CHANNEL_SUBTYPES"}
    ),
    "UpdateCampaignEntryLimits": lambda there: (
        of_version_2(there) | {"entryLimitsConfig": {"maxEntryCount": 1, "minEntryInterval": "PT1H"}}
    ),
    "DeleteCampaignEntryLimits": of_version_2,
    "PutConnectInstanceIntegration": lambda there: onboarded(there) | {"integrationConfig": INTEGRATION},
    "DeleteConnectInstanceIntegration": lambda there: (
        onboarded(there) | {"integrationIdentifier": {"customerProfiles": LEADS}}
    ),
    "ListConnectInstanceIntegrations": onboarded,
    "PutInstanceCommunicationLimits": lambda there: onboarded(there) | {"communicationLimitsConfig": LIMITS},
    "GetInstanceCommunicationLimits": onboarded,
    "PutOutboundRequestBatch": lambda there: {
        "id": there.running.id,
        "outboundRequests": [
            {
                "clientToken": f"token-{len(number)}",
                "expirationTime": in_ten_minutes(there),
                "channelSubtypeParameters": {
                    "telephony": {"destinationPhoneNumber": number, "attributes": {}}
                },
            }
            for number in ("5550100", "+15555550100")
        ],
    },
    "PutProfileOutboundRequestBatch": lambda there: {
        "id": there.running.id,
        "profileOutboundRequests": [
            {"clientToken": f"token-{profile}", "profileId": profile}
            for profile in (there.profile.id, "0" * 32)
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


def paused(there: There) -> Campaign:
    there.running.pause()
    return there.running


def idle(there: There) -> Instance:
    there.running.stop()
    return there.instance
