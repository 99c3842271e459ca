"""Every operation that has a fake, called with good and bad input: what comes back is what the model says.

An answer has the members, types and limits of the output's shape, and an error is one that the model lists
for the operation, or one that all of AWS has in common.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from connect_batchmock import Campaign, ConnectMock, Contact, CustomerProfile, Instance, PhoneNumber, Queue
from connect_batchmock.protocol.constraints import unknown_members, violations
from connect_batchmock.protocol.errors import COMMON_ERRORS, VIOLATED, modelled_errors
from connect_batchmock.protocol.model import SERVICES, operation_model, service_model
from connect_batchmock.services.registry import FAKES
from connect_batchmock.strategies.shapes import instances

Parameters = dict[str, Any]
UNKNOWN = "00000000-0000-4000-8000-000000000000"
KNOWN_TO_THE_MODEL = sorted(key for key in FAKES if key[1] in service_model(key[0]).operation_names)


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


@dataclass
class Backend:
    """A mock and its clients, which leave it to the mock to say what is wrong with a request."""

    mock: ConnectMock
    clients: Mapping[str, Any]

    def call(self, service: str, operation: str, parameters: Parameters) -> str | None:
        """Call an operation, check what came of it, and return the code of its error."""
        with suppress(ClientError):
            getattr(self.clients[service], xform_name(operation))(**parameters)
        last = self.mock.calls[-1]
        assert (last.service, last.operation) == (service, operation)
        model = operation_model(service, operation)
        if last.error is not None:
            assert last.error in {*modelled_errors(model), *COMMON_ERRORS}
            return last.error
        assert last.result is not None
        if model.output_shape is None:
            assert last.result == {}
        else:
            # The model forbids customers the tags that the service gives its contacts.
            broken = violations(model.output_shape, last.result)
            assert [one for one in broken if "aws:connect" not in one] == []
            assert list(unknown_members(model.output_shape, last.result)) == []
        return None


@pytest.fixture(scope="module")
def backend_of_the_module() -> Backend:
    """Make clients once: that takes longer than all that is done with them."""
    mock = ConnectMock()
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return Backend(mock, {service: mock.client(service, config=config) for service in SERVICES})


@pytest.fixture
def backend(backend_of_the_module: Backend) -> Backend:
    """Begin anew."""
    backend_of_the_module.mock.reset()
    return backend_of_the_module


@pytest.fixture
def there(backend: Backend) -> There:
    """Make an instance with one of everything, and contacts at every stage."""
    connect_mock, connect_client = backend.mock, backend.clients["connect"]
    connectcampaignsv2_client = backend.clients["connectcampaignsv2"]
    instance = connect_mock.add_instance()
    queue, campaign = instance.add_queue(), instance.add_campaign()
    running = instance.add_campaign(queue=queue)
    running.start()
    queue.add_agents(1)
    connect_client.batch_put_contact(
        InstanceId=instance.id,
        ContactDataRequestList=[
            {
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": f"+1555555010{number}"},
                "QueueId": queue.id,
                "Campaign": {"CampaignId": running.id},
                "Attributes": {"lead": str(number)},
            }
            for number in range(3)
        ],
    )
    connect_mock.advance(70)
    hours = connect_client.list_hours_of_operations(InstanceId=instance.id)["HoursOfOperationSummaryList"]
    of_version_2 = connectcampaignsv2_client.create_campaign(
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
    connectcampaignsv2_client.put_connect_instance_integration(
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
                {
                    "RequestIdentifier": "1",
                    "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
                    "QueueId": there.queue.id,
                    "Campaign": {"CampaignId": there.campaign.id},
                },
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
        | {"ContactId": next(one.id for one in there.instance.contacts if one.state == "INITIATED")}
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


def test_every_operation_is_here() -> None:
    assert sorted(GOOD) == sorted(FAKES)


def test_every_operation_is_one_of_the_model_s_and_has_all_22_and_37_campaign_operations() -> None:
    # Older versions of botocore do not know all of them; the newest does.
    unknown = {operation for _, operation in FAKES} - {operation for _, operation in KNOWN_TO_THE_MODEL}
    assert unknown <= {"UpdateCampaignEntryLimits", "DeleteCampaignEntryLimits"}
    for service, count in (("connectcampaigns", 22), ("connectcampaignsv2", 37)):
        names = service_model(service).operation_names
        assert set(names) == {operation for of, operation in KNOWN_TO_THE_MODEL if of == service}
        assert len(names) in (count, count - len(unknown))


@pytest.mark.parametrize(("service", "operation"), KNOWN_TO_THE_MODEL)
def test_good_input_is_answered_as_the_model_says(
    backend: Backend, there: There, service: str, operation: str
) -> None:
    error = backend.call(service, operation, GOOD[service, operation](there))
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
def test_what_is_not_there_is_an_error_of_the_model_s(
    backend: Backend,
    there: There,
    service: str,
    operation: str,
    member: str,
) -> None:
    parameters = GOOD[service, operation](there)
    if member == "TargetArn":
        parameters.pop("InstanceId", None)
    assert backend.call(service, operation, parameters | {member: IDS[member]}) is not None


def too_much_of(shape: Any) -> Any:
    """Return a value that is more than the shape allows, as far as botocore would send it."""
    most = int(shape.metadata["max"])
    if shape.type_name == "list":
        return ["x" if shape.member.type_name == "string" else {}] * (most + 1)
    if shape.type_name == "map":
        return {f"key-{number}": "x" for number in range(most + 1)}
    return "x" * (most + 1) if shape.type_name == "string" else most + 1


@pytest.mark.parametrize(("service", "operation"), KNOWN_TO_THE_MODEL)
def test_what_breaks_a_constraint_is_an_error_of_the_model_s(
    backend: Backend, there: There, service: str, operation: str
) -> None:
    parameters = GOOD[service, operation](there)
    limited = {
        name: member
        for name, member in operation_model(service, operation).input_shape.members.items()
        if "max" in member.metadata
    }
    for name, member in limited.items():
        assert backend.call(service, operation, parameters | {name: too_much_of(member)}) in VIOLATED, name


@pytest.mark.parametrize(("service", "operation"), KNOWN_TO_THE_MODEL)
def test_whatever_the_model_allows_is_answered_as_it_says(
    backend: Backend, there: There, service: str, operation: str
) -> None:
    known = {
        "InstanceId": there.instance.id,
        "QueueId": there.queue.id,
        "ContactId": there.contact.id,
        "InitialContactId": there.contact.id,
        "ContactFlowId": there.flow,
        "PhoneNumberId": there.number.id,
        "resourceArn": there.queue.arn,
        "id": there.of_version_2 if service == "connectcampaignsv2" else there.running.id,
        "arn": there.campaign.arn,
        "connectInstanceId": there.instance.id,
    }
    shape = operation_model(service, operation).input_shape

    @settings(max_examples=5, deadline=None, database=None)
    @given(instances(shape), st.booleans())
    def answer(parameters: Parameters, is_known: bool) -> None:
        ids = {name: value for name, value in known.items() if name in parameters} if is_known else {}
        backend.call(service, operation, {**parameters, **ids})

    answer()
