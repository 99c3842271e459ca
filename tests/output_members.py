"""The output members of the faked operations, and those that a story of API calls fills.

A path names an output member: ``DescribeQueue.Queue.Description``. ``[]`` stands for the entries of a list,
and ``{}`` for the values of a map. The members of a structure within itself are the same members again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from botocore import xform_name
from factories import (
    AMD,
    ARN,
    COMMUNICATION_TIME,
    EMAIL,
    GOOD,
    INTEGRATION,
    LIMITS,
    PREVIEW,
    SEGMENT,
    Seeded,
    item_for,
    seed,
)

from connect_batchmock import ConnectMock, outcomes
from connect_batchmock.protocol.model import SERVICES, operation_model, service_model
from connect_batchmock.services.registry import FAKES

NEVER_FILLED: Mapping[str, Mapping[str, str]] = {
    "connect": {
        "*.AdditionalEmailRecipients": "only emails have more recipients",
        "*.Cases": "contacts belong to no case",
        "*.ContactLens": "contacts are not analyzed",
        "*.VoicemailInfo": "no customer leaves a voicemail",
        "*.AfterContactWorkConfigs": "agents have one configuration of their own, in PhoneConfig",
        "*.AutoAcceptConfigs": "agents have one configuration of their own, in PhoneConfig",
        "*.PersistentConnectionConfigs": "agents have one configuration of their own, in PhoneConfig",
        "*.PhoneNumberConfigs": "agents have one configuration of their own, in PhoneConfig",
        "*.VoiceEnhancementConfigs": "agents have one configuration of their own, in PhoneConfig",
        "*.PhoneConfig.DeskPhoneNumber": "agents use a soft phone",
        "*.PhoneConfig.PersistentConnection": "agents use a soft phone without a permanent connection",
        "*.DirectoryUserId": "users are not in a directory",
        "*.SecurityProfileIds": "the mock has no security profiles",
        "*.HierarchyGroupId": "agents have no hierarchy",
        "*.IdentityInfo.Mobile": "agents have an email address alone",
        "*.IdentityInfo.SecondaryEmail": "agents have an email address alone",
        "*.AiAgentInfo": "no AI agent takes a contact",
        "*.AgentInfo.ActiveRegion": "instances are not replicated to other regions",
        "*.AgentInfo.Capabilities": "phone calls have no video and no shared screen",
        "*.AgentInfo.DeviceInfo": "the agents of the mock have no device",
        "*.AgentInfo.StateTransitions": "no supervisor listens to a phone call",
        "*.AgentInfo.VoiceEnhancementMode": "the agents of the mock have no device",
        "*.ChatMetrics": "no contact is a chat",
        "*.ContactDetails": "only tasks have details",
        "*.ContactEvaluations": "contacts are not evaluated",
        "*.Customer": "only web calls describe the customer's device",
        "*.CustomerEndpoint.DisplayName": "phone numbers have no display name",
        "*.CustomerId": "only a flow can set the id of a customer",
        "*.DisconnectDetails": "connections have no quality",
        "*.GlobalResiliencyMetadata": "instances are not replicated to other regions",
        "*.HierarchyGroups": "agents have no hierarchy",
        "*.InitialContactId": "contacts are not transferred",
        "*.LastPausedTimestamp": "only tasks are paused",
        "*.LastResumedTimestamp": "only tasks are paused",
        "*.NextContacts": "contacts are not transferred",
        "*.OutboundEmailConfig": "queues send no emails",
        "*.ParentHoursOfOperations": "hours of operation do not inherit from others",
        "*.PreviousContactId": "contacts are not transferred",
        "*.QualityMetrics": "connections have no quality",
        "*.QueueTimeAdjustmentSeconds": "no operation of the mock changes the priority of a contact",
        "*.Recordings": "contacts are not recorded",
        "*.RoutingCriteria": "contacts have no routing criteria",
        "*.ScheduledTimestamp": "only tasks are scheduled",
        "*.SourcePhoneNumberArn": "numbers are not imported from another service",
        "*.SystemEndpoint.DisplayName": "phone numbers have no display name",
        "*.TaskTemplateInfo": "only tasks have templates",
        "*.WisdomInfo": "no AI agent takes a contact",
        "DescribeContactFlow.ContactFlow.Version*": "flows have no versions",
        "DescribeInstance.Instance.StatusReason": "an instance is always created successfully",
        "DescribeInstance.ReplicationConfiguration": "instances are not replicated to other regions",
        "DescribePhoneNumber.*.PhoneNumberStatus.Message": "a number is always claimed successfully",
        "GetCurrentMetricData.*.Dimensions.AgentStatus": "only groupings by queue and channel are faked",
        "GetCurrentMetricData.*.Dimensions.RoutingProfile": "only groupings by queue and channel are faked",
        "GetCurrentMetricData.*.Dimensions.RoutingStepExpression": (
            "only groupings by queue and channel are faked"
        ),
        "GetCurrentMetricData.*.Dimensions.Subtype": "only groupings by queue and channel are faked",
        "GetCurrentMetricData.*.Dimensions.ValidationTestType": (
            "only groupings by queue and channel are faked"
        ),
        "GetCurrentMetricData.*.MetricId": "metrics of a project's own are not faked",
        "DescribeRoutingProfile.*.AssociatedManualAssignmentQueueIds": "nobody picks contacts by hand",
        "DescribeRoutingProfile.*.NumberOfAssociatedManualAssignmentQueues": "nobody picks contacts by hand",
        "DescribeRoutingProfile.*.CrossChannelBehavior": "agents take phone calls alone",
        "DescribeRoutingProfile.*.WorkloadTypeConcurrencies": "agents take phone calls alone",
        "DescribeRoutingProfile.*.Description": "no operation of the mock describes a routing profile",
        "GetCurrentUserData.*.HierarchyPath": "agents have no hierarchy",
        "GetMetricDataV2.*.Metric.MetricId": "metrics of a project's own are not faked",
        "ListIntegrationAssociations.IntegrationAssociationSummaryList[[]].*": (
            "the mock has no integration associations"
        ),
        "ListIntegrationAssociations.NextToken": "the mock has no integration associations",
        "ListQueueQuickConnects.QuickConnectSummaryList[[]].*": "the mock has no quick connects",
        "ListQueueQuickConnects.NextToken": "the mock has no quick connects",
        "ListContactReferences.NextToken": "the model says that it is always null",
        "ListContactReferences.*.Attachment": "phone calls have no attachments",
        "ListContactReferences.*.ContactAnalysis": "contacts are not analyzed",
        "ListContactReferences.*.EmailMessage*": "only emails have such references",
        "ListContactReferences.*.Voicemail*": "no customer leaves a voicemail",
    },
    "connectcampaigns": {
        "*.failureCode": "every onboarding job succeeds",
        "PutDialRequestBatch.failedRequests[[]].id": "a failed request has no id",
    },
    "connectcampaignsv2": {
        "*.failureCode": "every onboarding job succeeds",
        "Put*RequestBatch.failedRequests[[]].id": "a failed request has no id",
    },
}
"""Why a member is never filled, by a pattern of its path. ``[[]]`` in a pattern matches ``[]``."""


def reason_for(service: str, path: str) -> str | None:
    """Return why a member of a service is never filled, or None if it is not listed."""
    reasons = NEVER_FILLED[service].items()
    return next((reason for pattern, reason in reasons if fnmatchcase(path, pattern)), None)


# Members


def _members_of(shape: Any, path: str, ancestors: tuple[str, ...] = ()) -> Iterator[str]:
    if shape.type_name == "structure" and shape.name not in ancestors:
        for name, member in shape.members.items():
            yield f"{path}.{name}"
            yield from _members_of(member, f"{path}.{name}", (*ancestors, shape.name))
    elif shape.type_name == "list":
        yield from _members_of(shape.member, f"{path}[]", ancestors)
    elif shape.type_name == "map":
        yield from _members_of(shape.value, f"{path}{{}}", ancestors)


def _filled_in(shape: Any, value: Any, path: str, ancestors: Mapping[str, str]) -> Iterator[str]:
    if shape.type_name == "structure":
        # A structure within itself fills the members of the outer one.
        path = ancestors.get(shape.name, path)
        for name, inner in value.items():
            yield f"{path}.{name}"
            nested = {**ancestors, shape.name: path}
            yield from _filled_in(shape.members[name], inner, f"{path}.{name}", nested)
    elif shape.type_name == "list":
        for item in value:
            yield from _filled_in(shape.member, item, f"{path}[]", ancestors)
    elif shape.type_name == "map":
        for item in value.values():
            yield from _filled_in(shape.value, item, f"{path}{{}}", ancestors)


def _known(shape: Any, value: Any) -> Any:
    """Return an input without the members that an older model lacks."""
    if shape.type_name == "structure":
        return {
            name: _known(shape.members[name], inner) for name, inner in value.items() if name in shape.members
        }
    if shape.type_name == "list":
        return [_known(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _known(shape.value, item) for key, item in value.items()}
    return value


def _without_nested(paths: set[str]) -> list[str]:
    """Return the paths that are not within another of the paths, in order."""
    return sorted(
        path
        for path in paths
        if not any(path[: end.start()] in paths for end in re.finditer(r"[.\[{]", path))
    )


def operations() -> list[tuple[str, str]]:
    """Return the faked operations of the installed models."""
    return sorted(key for key in FAKES if key[1] in service_model(key[0]).operation_names)


def members_of(service: str) -> set[str]:
    """Return the paths of the output members of a service's faked operations."""
    shapes = {name: operation_model(of, name).output_shape for of, name in operations() if of == service}
    return {path for name, shape in shapes.items() if shape is not None for path in _members_of(shape, name)}


class Story:
    """API calls of boto3 clients, and the members that their responses had.

    Attributes:
        filled: the paths of the members, by service.
    """

    def __init__(self) -> None:
        self.mock = ConnectMock()
        self.clients = {service: self.mock.client(service) for service in SERVICES}
        self.filled: dict[str, set[str]] = {service: set() for service in SERVICES}
        for service, client in self.clients.items():
            client.meta.events.register(f"after-call.{service}", self._collect)
        self._seeded = seed(self.mock, self.clients)
        self._snapshot = self.mock.snapshot()

    def _collect(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        response = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        if model.output_shape is not None and "Error" not in response:
            paths = _filled_in(model.output_shape, response, model.name, {})
            self.filled[model.service_model.service_name] |= {*paths}

    def begin(self) -> Seeded:
        """Start again with the resources that the input of operations refers to."""
        self.mock.restore(self._snapshot)
        return self._seeded

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation with the parameters that the installed model has, if it has the operation."""
        if (service, operation) not in operations():
            return {}
        known = _known(operation_model(service, operation).input_shape, parameters)
        response: dict[str, Any] = getattr(self.clients[service], xform_name(operation))(**known)
        return response

    @property
    def unfilled(self) -> dict[str, list[str]]:
        """The members that no response had, by service, without the members of such a member."""
        return {
            service: _without_nested(members_of(service) - filled) for service, filled in self.filled.items()
        }


# The story


def completed_story() -> Story:
    """Return the story, after all its calls: first every operation, then what fills more of their members."""
    story = Story()
    for service, operation in operations():
        story.call(service, operation, **GOOD[service, operation](story.begin()))
    for chapter in CHAPTERS:
        chapter(story, story.begin())
    return story


def contacts(story: Story, seeded: Seeded) -> None:
    of_instance = {"InstanceId": seeded.instance.id}
    story.call(
        "connect",
        "BatchPutContact",
        **of_instance,
        ContactDataRequestList=[
            {"RequestIdentifier": "fails"},
            item_for(seeded.queue, seeded.running, OutboundStrategy=PREVIEW),
        ],
    )
    story.mock.on_dial(outcomes.answered(after_contact_work=10))
    calls = {"DestinationPhoneNumber": "+15555550188", "ContactFlowId": seeded.flow}
    related = story.call(
        "connect",
        "StartOutboundVoiceContact",
        **of_instance,
        **calls,
        SourcePhoneNumber=seeded.number.number,
        RelatedContactId=seeded.contact.id,
    )
    references = {
        kind: {"Type": kind, "Value": "https://example.com"}
        for kind in ("URL", "NUMBER", "STRING", "DATE", "EMAIL")
    }
    values: dict[str, Any] = {
        "text": {"ValueString": "1"},
        "number": {"ValueInteger": 1},
        "arn": {"ValueArn": ARN.format("connect", "anything")},
        "list": {"ValueList": [{"ValueString": "1"}]},
    }
    values["map"] = {"ValueMap": {**values, "inner": {"ValueMap": dict(values)}}}
    for contact_id in (related["ContactId"], seeded.contact.id):
        story.call(
            "connect",
            "UpdateContact",
            **of_instance,
            ContactId=contact_id,
            Name="First call",
            Description="About the spring offer",
            References=references,
            SegmentAttributes=values,
        )
    story.mock.advance(600)
    for contact in story.mock.contacts:
        story.call("connect", "DescribeContact", **of_instance, ContactId=contact.id)
    story.call(
        "connect",
        "ListContactReferences",
        **of_instance,
        ContactId=seeded.contact.id,
        ReferenceTypes=list(references),
    )
    search = GOOD["connect", "SearchContacts"](seeded)
    story.call("connect", "SearchContacts", **search)
    story.call("connect", "SearchContacts", **search, MaxResults=1)


def resources(story: Story, seeded: Seeded) -> None:
    of_instance = {"InstanceId": seeded.instance.id}
    properties = {"Description": "All of it", "Tags": {"team": "sales"}}
    queue = story.call(
        "connect",
        "CreateQueue",
        **of_instance,
        **properties,
        Name="Full",
        HoursOfOperationId=seeded.hours,
        MaxContacts=5,
        OutboundCallerConfig={
            "OutboundCallerIdName": "Sales",
            "OutboundCallerIdNumberId": seeded.number.id,
            "OutboundFlowId": seeded.flow,
        },
    )
    story.call("connect", "DescribeQueue", **of_instance, QueueId=queue["QueueId"])
    story.call("connect", "ListTagsForResource", resourceArn=queue["QueueArn"])
    hours = story.call(
        "connect",
        "CreateHoursOfOperation",
        **of_instance,
        **properties,
        Name="Full",
        TimeZone="UTC",
        Config=[],
    )
    story.call(
        "connect", "DescribeHoursOfOperation", **of_instance, HoursOfOperationId=hours["HoursOfOperationId"]
    )
    flow = story.call(
        "connect",
        "CreateContactFlow",
        **of_instance,
        **properties,
        Name="Full",
        Type="CONTACT_FLOW",
        Content="{}",
    )
    story.call("connect", "DescribeContactFlow", **of_instance, ContactFlowId=flow["ContactFlowId"])
    number = story.call(
        "connect",
        "ClaimPhoneNumber",
        **of_instance,
        PhoneNumber="+442079460000",
        PhoneNumberDescription="London",
        Tags=properties["Tags"],
    )
    story.call("connect", "DescribePhoneNumber", PhoneNumberId=number["PhoneNumberId"])
    instance = story.call(
        "connect",
        "CreateInstance",
        **GOOD["connect", "CreateInstance"](seeded),
        Tags=properties["Tags"],
    )
    story.call("connect", "DescribeInstance", InstanceId=instance["Id"])
    story.call("connect", "SearchQueues", **of_instance)
    story.call("connect", "ListPhoneNumbersV2", TargetArn=seeded.instance.arn)


def agents(story: Story, seeded: Seeded) -> None:
    of_instance = {"InstanceId": seeded.instance.id}
    status = story.call(
        "connect",
        "CreateAgentStatus",
        **of_instance,
        Name="Training",
        State="ENABLED",
        Description="All of it",
        DisplayOrder=3,
        Tags={"team": "sales"},
    )
    of_status = {"AgentStatusId": status["AgentStatusId"]}
    story.call("connect", "DescribeAgentStatus", **of_instance, **of_status)
    anna = seeded.instance.add_agent("anna", queues=[seeded.queue], email="anna@example.com")
    profile = story.call("connect", "DescribeUser", **of_instance, UserId=anna.id)["User"]
    for arn in (anna.arn, f"{seeded.instance.arn}/routing-profile/{profile['RoutingProfileId']}"):
        story.call("connect", "TagResource", resourceArn=arn, tags={"team": "sales"})
    story.call("connect", "DescribeUser", **of_instance, UserId=anna.id)
    story.call("connect", "SearchUsers", **of_instance)
    of_profile = {"RoutingProfileId": profile["RoutingProfileId"]}
    story.call("connect", "DescribeRoutingProfile", **of_instance, **of_profile)
    story.mock.advance(600)
    story.mock.on_dial(outcomes.answered(talk=600))
    items = [item_for(seeded.queue, seeded.running)]
    story.call("connect", "BatchPutContact", **of_instance, ContactDataRequestList=items)
    story.mock.advance(60)
    for agent in seeded.instance.agents:
        agent.set_status("Training")
    story.call("connect", "GetCurrentUserData", **of_instance, Filters={"Queues": [seeded.queue.id]})


def numbers_and_metrics(story: Story, seeded: Seeded) -> None:
    of_instance = {"InstanceId": seeded.instance.id}
    for number in ("+442079460001", "+442079460002"):
        claimed = story.call("connect", "ClaimPhoneNumber", **of_instance, PhoneNumber=number)
        story.call(
            "connect",
            "AssociatePhoneNumberContactFlow",
            **of_instance,
            PhoneNumberId=claimed["PhoneNumberId"],
            ContactFlowId=seeded.flow,
        )
    story.call("connect", "ListFlowAssociations", **of_instance)
    story.call("connect", "ListFlowAssociations", **of_instance, MaxResults=1)
    story.mock.advance(600)
    metrics = GOOD["connect", "GetMetricDataV2"](seeded)
    reasons = {"MetricFilterKey": "DISCONNECT_REASON", "MetricFilterValues": ["CUSTOMER_DISCONNECT"]}
    reasons["Negate"] = False
    metrics["Metrics"] = [{"Name": "DELIVERY_ATTEMPTS", "MetricFilters": [reasons]}]
    story.call("connect", "GetMetricDataV2", **metrics)
    other = seeded.instance.add_campaign(queue=seeded.queue)
    other.start()
    item = item_for(seeded.queue, other)
    story.call("connect", "BatchPutContact", **of_instance, ContactDataRequestList=[item])
    story.mock.advance(600)
    campaigns_of_both = {"FilterKey": "CAMPAIGN", "FilterValues": [seeded.running.arn, other.arn]}
    both = metrics | {"Filters": [campaigns_of_both], "EndTime": story.mock.now().replace(microsecond=0)}
    story.call("connect", "GetMetricDataV2", **both, MaxResults=1)


PAGED = (
    "GetCurrentMetricData",
    "GetCurrentUserData",
    "ListAgentStatuses",
    "ListContactFlows",
    "ListHoursOfOperations",
    "ListInstances",
    "ListPhoneNumbers",
    "ListPhoneNumbersV2",
    "ListQueues",
    "ListRoutingProfiles",
    "ListUsers",
    "SearchQueues",
    "SearchUsers",
)
"""The operations of Amazon Connect that return pages; the second chapter has made two of each resource."""


def pages(story: Story, seeded: Seeded) -> None:
    resources(story, seeded)
    seeded.instance.add_agent("anna", queues=seeded.instance.queues)
    seeded.instance.add_agent("ben", queues=[seeded.queue], status="Training")
    metrics = GOOD["connect", "GetCurrentMetricData"](seeded)
    metrics["Filters"]["Queues"] = [queue.id for queue in seeded.instance.queues]
    special = {"GetCurrentMetricData": metrics, "SearchUsers": {"InstanceId": seeded.instance.id}}
    for operation in PAGED:
        parameters = special.get(operation) or GOOD["connect", operation](seeded)
        story.call("connect", operation, **parameters, MaxResults=1)
    for service in ("connectcampaigns", "connectcampaignsv2"):
        story.call(service, "ListCampaigns", maxResults=1)


DETECTION = AMD | {"awaitAnswerMachinePrompt": True}


def campaigns(story: Story, seeded: Seeded) -> None:
    config = {
        "connectContactFlowId": seeded.flow,
        "connectQueueId": seeded.queue.id,
        "connectSourcePhoneNumber": seeded.number.number,
        "answerMachineDetectionConfig": DETECTION,
    }
    for mode in ("progressive", "predictive", "agentless"):
        allocation = {} if mode == "agentless" else {"bandwidthAllocation": 0.5}
        campaign = story.call(
            "connectcampaigns",
            "CreateCampaign",
            name=mode,
            connectInstanceId=seeded.instance.id,
            dialerConfig={f"{mode}DialerConfig": {**allocation, "dialingCapacity": 0.5}},
            outboundCallConfig=config,
        )
        story.call("connectcampaigns", "DescribeCampaign", id=campaign["id"])


MESSAGES = {
    "capacity": 0.5,
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {
        "connectSourcePhoneNumberArn": ARN.format("connect", "phone-number/a"),
        "wisdomTemplateArn": ARN.format("wisdom", "message-template/a/b"),
    },
}
RATE = {
    "targetRate": 0.03,
    "connectionStartPoint": "CONNECTED_TO_SYSTEM",
    "connectionThresholdSeconds": 2,
    "evaluationWindow": "PT1H",
}
MODES: tuple[dict[str, Any], ...] = (
    {"progressive": {"bandwidthAllocation": 0.5}},
    {"predictive": {"bandwidthAllocation": 0.5, "pacingStrategies": [{"abandonmentRate": RATE}]}},
    {
        "preview": {
            "bandwidthAllocation": 0.5,
            "timeoutConfig": {"durationInSeconds": 30},
            "agentActions": ["DISCARD"],
        }
    },
    {"agentless": {}},
)
WINDOW = {
    **COMMUNICATION_TIME["telephony"],
    "restrictedPeriods": {
        "restrictedPeriodList": [{"name": "Holidays", "startDate": "2026-12-24", "endDate": "2026-12-27"}]
    },
}


def _choices(union: str, *choices: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the values of a union whose member the installed model of version 2 has."""
    known = service_model("connectcampaignsv2").shape_for(union).members
    return [choice for choice in choices if {*choice} <= {*known}]


def campaigns_of_version_2(story: Story, seeded: Seeded) -> None:
    domain = ARN.format("profile", "domains/leads")
    sources = (
        {"customerProfilesSegmentArn": SEGMENT},
        {"eventTrigger": {"customerProfilesDomainArn": domain}},
    )
    settings = {
        "connectInstanceId": seeded.instance.id,
        "type": "MANAGED",
        "connectCampaignFlowArn": f"{seeded.instance.arn}/contact-flow/{seeded.flow}",
        "schedule": {
            "startTime": seeded.now,
            "endTime": seeded.now + timedelta(days=1),
            "refreshFrequency": "PT1H",
        },
        "entryLimitsConfig": {"maxEntryCount": 1, "minEntryInterval": "PT1H"},
        "communicationTimeConfig": {
            "localTimeZoneConfig": {
                "defaultTimeZone": "UTC",
                "localTimeZoneDetection": ["AREA_CODE"],
                "localTimeZoneDetectionScope": "ALL_AVAILABLE",
            },
            **dict.fromkeys(("telephony", "sms", "email", "whatsApp"), WINDOW),
        },
        "communicationLimitsOverride": LIMITS | {"instanceLimitsHandling": "OPT_IN"},
        "tags": {"team": "sales"},
    }
    email = EMAIL["defaultOutboundConfig"] | {"sourceEmailAddressDisplayName": "Sales"}
    for number, mode in enumerate(_choices("TelephonyOutboundMode", *MODES)):
        ring_timeout = {} if "preview" in mode else {"ringTimeout": 30}
        telephony = {
            "capacity": 0.5,
            "connectQueueId": seeded.queue.id,
            "outboundMode": mode,
            "defaultOutboundConfig": {
                "connectContactFlowId": seeded.flow,
                "connectSourcePhoneNumber": seeded.number.number,
                "answerMachineDetectionConfig": DETECTION,
                **ring_timeout,
            },
        }
        campaign = story.call(
            "connectcampaignsv2",
            "CreateCampaign",
            name=next(iter(mode)),
            source=sources[number % 2],
            channelSubtypeConfig={
                "telephony": telephony,
                "sms": MESSAGES,
                "whatsApp": MESSAGES,
                "email": EMAIL | {"capacity": 0.5, "defaultOutboundConfig": email},
            },
            **settings,
        )
        story.call("connectcampaignsv2", "DescribeCampaign", id=campaign["id"])
    story.call("connectcampaignsv2", "ListCampaigns")


def instances_of_campaigns(story: Story, seeded: Seeded) -> None:
    of_instance = {"connectInstanceId": seeded.instance.id}
    key = ARN.format("kms", "key/0")
    for service in ("connectcampaigns", "connectcampaignsv2"):
        instance_id = story.mock.add_instance().id
        story.call(service, "DeleteConnectInstanceConfig", connectInstanceId=instance_id)
        story.call(
            service,
            "StartInstanceOnboardingJob",
            connectInstanceId=instance_id,
            encryptionConfig={"enabled": True, "encryptionType": "KMS", "keyArn": key},
        )
        story.call(service, "GetConnectInstanceConfig", connectInstanceId=instance_id)
    function = "arn:aws:lambda:us-east-1:123456789012:function:choose"
    knowledge_base = ARN.format("wisdom", "knowledge-base/a")
    integrations = (
        INTEGRATION,
        {"qConnect": {"knowledgeBaseArn": knowledge_base}},
        {"lambda": {"functionArn": function}},
    )
    for integration in _choices("IntegrationConfig", *integrations):
        story.call(
            "connectcampaignsv2",
            "PutConnectInstanceIntegration",
            **of_instance,
            integrationConfig=integration,
        )
    story.call("connectcampaignsv2", "ListConnectInstanceIntegrations", **of_instance)
    story.call("connectcampaignsv2", "ListConnectInstanceIntegrations", **of_instance, maxResults=1)
    story.call(
        "connectcampaignsv2",
        "PutInstanceCommunicationLimits",
        **of_instance,
        communicationLimitsConfig=LIMITS,
    )
    story.call("connectcampaignsv2", "GetInstanceCommunicationLimits", **of_instance)


CHAPTERS: tuple[Callable[[Story, Seeded], None], ...] = (
    contacts,
    resources,
    agents,
    numbers_and_metrics,
    pages,
    campaigns,
    campaigns_of_version_2,
    instances_of_campaigns,
)
"""The chapters of the story, each with resources of its own."""
