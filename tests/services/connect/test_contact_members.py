"""Every member of a contact in its three forms: event, record and description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from factories import PREVIEW

from connect_batchmock import ConnectMock, Instance, Outcome, Queue, mock_connect, outcomes
from connect_batchmock.domain.contact import Contact
from connect_batchmock.protocol.model import service_model
from connect_batchmock.services.connect.contact_members import MEMBERS, NOT_SHOWN, Group, Kind, Member

START = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone.utc)
OUTCOMES: Mapping[str, Outcome] = {
    "+15555550100": outcomes.answered(ring=2.25, talk=40.75, after_contact_work=10.7),
    "+15555550101": outcomes.answered(disconnected_by="agent"),
    "+15555550102": outcomes.voicemail(),
    "+15555550103": outcomes.busy(),
    "+15555550104": outcomes.no_answer(),
    "+15555550105": outcomes.invalid_number(),
    "+15555550106": outcomes.answered(preview=4.5),
    "+15555550107": outcomes.preview_discarded(),
    "+15555550108": outcomes.answered(talk=300, patience=20),
}
FORMS = ("event", "record", "described")

RECORD = {
    *("AWSAccountId", "AWSContactTraceRecordFormatVersion", "Agent", "AgentConnectionAttempts"),
    *("AnsweringMachineDetectionStatus", "Attributes", "Campaign", "Channel", "ConnectedToSystemTimestamp"),
    *("ContactDetails", "ContactEvaluations", "ContactId", "ContactLens", "Customer", "CustomerEndpoint"),
    *("CustomerId", "CustomerVoiceActivity", "DisconnectDetails", "DisconnectReason", "DisconnectTimestamp"),
    *("InitialContactId", "InitiationMethod", "InitiationTimestamp", "InstanceARN", "LastPausedTimestamp"),
    *("LastResumedTimestamp", "LastUpdateTimestamp", "MediaStreams", "NextContactId", "OutboundStrategy"),
    *("PreviousContactId", "QualityMetrics", "Queue", "Recording", "Recordings", "References"),
    *("RelatedContactId", "ScheduledTimestamp", "SegmentAttributes", "SystemEndpoint", "Tags"),
    *("TotalPauseCount", "TotalPauseDurationInSeconds", "TransferCompletedTimestamp"),
    *("TransferredToEndpoint", "VoiceIdResult"),
}
"""The members of a contact record, whether they have a value or not."""

AGENT = {
    *("ARN", "AcceptedByAgentTimestamp", "AfterContactWorkDuration", "AfterContactWorkEndTimestamp"),
    *("AfterContactWorkStartTimestamp", "AgentInitiatedHoldDuration", "AgentInteractionDuration"),
    *("AgentPauseDurationInSeconds", "Capabilities", "ConnectedToAgentTimestamp", "CustomerHoldDuration"),
    *("DeviceInfo", "HierarchyGroups", "LongestHoldDuration", "NumberOfHolds", "PreviewEndTimestamp"),
    *("RoutingProfile", "StateTransitions", "Username"),
}
"""The members of ``Agent`` in a contact record."""


class Forms:
    """The contacts of a mock in every form, after all of them have ended."""

    def __init__(self, mock: ConnectMock, instance: Instance) -> None:
        client = mock.client()
        self.events = {event["detail"]["contactId"]: event["detail"] for event in mock.events}
        self.records = {record["ContactId"]: record for record in mock.contact_records}
        self.descriptions = {
            contact.id: client.describe_contact(InstanceId=instance.id, ContactId=contact.id)["Contact"]
            for contact in mock.contacts
        }

    def of(self, contact_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the last event, the last record and the description of a contact."""
        return {
            "event": self.events[contact_id],
            "record": self.records[contact_id],
            "described": self.descriptions[contact_id],
        }


@pytest.fixture(scope="module")
def mock_of_forms() -> Iterator[ConnectMock]:
    """Make contacts of every kind, each to its end, and one that changes after that."""
    with time_machine.travel(START, tick=False), mock_connect() as mock:
        instance = mock.add_instance("forms")
        make_contacts(mock, instance)
        mock.advance(600)
        change(mock, instance, mock.contacts[0].id)
        assert {contact.state for contact in mock.contacts} == {"COMPLETED"}
        yield mock


@pytest.fixture(scope="module")
def forms(mock_of_forms: ConnectMock) -> Forms:
    return Forms(mock_of_forms, mock_of_forms.instances[0])


def make_contacts(mock: ConnectMock, instance: Instance) -> None:
    mock.on_dial(lambda contact: OUTCOMES[contact.customer_address])
    instance.add_phone_number("+15555550199")
    sales, support = instance.add_queue("Sales"), instance.add_queue("Support")
    sales.add_agents(4)
    support.add_agents(1)
    put(mock, instance, "progressive", sales, ["+15555550100", "+15555550101", "+15555550102"])
    put(mock, instance, "agentless", None, list(OUTCOMES)[1:6])
    put(mock, instance, "preview", sales, ["+15555550106", "+15555550107"], OutboundStrategy=PREVIEW)
    put(mock, instance, "predictive", support, ["+15555550108"] * 3)
    put_dial_request(mock, instance)
    call(mock, instance, sales)


def put(
    mock: ConnectMock, instance: Instance, mode: str, queue: Queue | None, numbers: list[str], **members: Any
) -> None:
    campaign = instance.add_campaign(queue=queue, mode=mode)
    campaign.start()
    way = {"SystemEndpoint": number("+15555550199")} if queue is None else {"QueueId": queue.id}
    items = [
        {
            "CustomerEndpoint": number(address),
            "Attributes": {"lead": address},
            "Campaign": {"CampaignId": campaign.id},
            **way,
            **members,
        }
        for address in numbers
    ]
    mock.client().batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)


def number(address: str) -> dict[str, str]:
    return {"Type": "TELEPHONE_NUMBER", "Address": address}


def put_dial_request(mock: ConnectMock, instance: Instance) -> None:
    """Put a request that expires, since its queue has no agents."""
    campaign = instance.add_campaign(queue=instance.add_queue("Nobody"))
    campaign.start()
    request = {
        "clientToken": "expires",
        "phoneNumber": "+15555550101",
        "expirationTime": START + timedelta(seconds=60),
        "attributes": {},
    }
    mock.client("connectcampaigns").put_dial_request_batch(id=campaign.id, dialRequests=[request])


def call(mock: ConnectMock, instance: Instance, queue: Queue) -> None:
    """Make two calls for no campaign, the second in relation to the first."""
    client = mock.client()
    parameters = {"InstanceId": instance.id, "ContactFlowId": "any", "QueueId": queue.id}
    related = client.start_outbound_voice_contact(DestinationPhoneNumber="+15555550101", **parameters)
    client.start_outbound_voice_contact(
        DestinationPhoneNumber="+15555550103", RelatedContactId=related["ContactId"], **parameters
    )


def change(mock: ConnectMock, instance: Instance, contact_id: str) -> None:
    mock.client().update_contact(
        InstanceId=instance.id,
        ContactId=contact_id,
        Name="A lead",
        Description="Bought",
        References={"file": {"Type": "URL", "Value": "https://example.com"}},
        SegmentAttributes={"connect:Subtype": {"ValueString": "connect:Telephony"}},
    )
    mock.client().tag_contact(InstanceId=instance.id, ContactId=contact_id, Tags={"team": "sales"})


# The table


def facts() -> Iterator[tuple[Group | None, Member]]:
    """Yield every member that has a name in some form, with the group that it is in."""
    for entry in MEMBERS:
        for member in entry.members if isinstance(entry, Group) else (entry,):
            assert isinstance(member, Member), "a group in a group has no fact of its own"
            if any(getattr(member, form) for form in FORMS):
                yield (entry if isinstance(entry, Group) else None), member


def forms_of(group: Group | None, member: Member) -> list[str]:
    """Return the forms that have a member."""
    return [form for form in FORMS if all(getattr(entry, form) for entry in (group, member) if entry)]


def known_forms_of(group: Group | None, member: Member) -> list[str]:
    """Return the forms that have a member, and DescribeContact only if the installed model has it."""
    contact = service_model("connect").shape_for("Contact").members
    path = [entry.described for entry in (group, member) if entry]
    is_known = path[0] in contact and (len(path) == 1 or path[1] in contact[path[0]].members)
    return [form for form in forms_of(group, member) if form != "described" or is_known]


def label(group: Group | None, member: Member) -> str:
    name = member.record or member.described or member.event or ""
    is_general = name in ("Address", "Duration", "Id", "Name", "Type")
    return f"{group.record or group.described}.{name}" if group and is_general else name


FACTS = {label(group, member): (group, member) for group, member in facts()}


def value_of(shown: Mapping[str, Any], form: str, group: Group | None, member: Member) -> Any:
    if group is not None:
        shown = shown.get(getattr(group, form)) or {}
    return shown.get(getattr(member, form))


def plain(value: Any, form: str, kind: Kind) -> Any:
    """Return a value as it would be in a record, where a form says less than another."""
    if kind is Kind.TIME and value is not None:
        at = datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value
        return at.astimezone(timezone.utc).replace(microsecond=0)
    if kind is Kind.STRUCTURE and value is not None:
        return lowered(value)
    return value or None


def lowered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[0].lower() + name[1:]: lowered(member) for name, member in value.items()}
    return value


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_the_same_in_every_form_that_has_it(forms: Forms, fact: str) -> None:
    group, member = FACTS[fact]
    having = known_forms_of(group, member)
    for contact_id in forms.descriptions:
        shown = {
            form: plain(value_of(given, form, group, member), form, member.kind)
            for form, given in forms.of(contact_id).items()
            if form in having
        }
        first = next(iter(shown.values()), None)
        assert all(value == first for value in shown.values()), shown


@pytest.mark.parametrize("fact", [name for name, (_, member) in FACTS.items() if member.field])
def test_each_fact_is_there_for_some_contact(forms: Forms, fact: str) -> None:
    group, member = FACTS[fact]
    for form in known_forms_of(group, member):
        values = [value_of(forms.of(contact_id)[form], form, group, member) for contact_id in forms.records]
        assert any(values), form


@pytest.mark.parametrize("fact", [name for name, (_, member) in FACTS.items() if member.field])
def test_a_fact_is_in_all_forms_or_has_a_reason(fact: str) -> None:
    group, member = FACTS[fact]
    reasons = [entry.absence for entry in (group, member) if entry and entry.absence]
    assert len(reasons) == (len(forms_of(group, member)) < len(FORMS))


def test_each_attribute_is_read_by_a_member_or_has_a_reason() -> None:
    derived = {name for name, value in vars(Contact).items() if isinstance(value, property)}
    entries = [entry for group, member in facts() for entry in (group, member) if entry]
    searched = [entry for entry in MEMBERS if isinstance(entry, Member) and entry.time_type]
    read = {entry.field for entry in (*entries, *searched)}
    assert {*Contact._fields, *derived} - read == NOT_SHOWN.keys()


def test_each_name_is_one_of_the_model() -> None:
    contact = service_model("connect").shape_for("Contact").members
    described = {entry.described for entry in MEMBERS if entry.described}
    # Two came after the oldest supported model.
    assert described - set(contact) <= {"RingStartTimestamp", "Attributes"}
    nested = {
        (entry.described, member.described)
        for entry in MEMBERS
        if isinstance(entry, Group) and entry.described
        for member in entry.members
        if member.described
    }
    assert {pair for pair in nested if pair[1] not in contact[pair[0]].members} == set()


# How the forms write


def values_in(shown: Any) -> Iterator[Any]:
    yield shown
    if isinstance(shown, Mapping):
        for value in shown.values():
            yield from values_in(value)


def test_events_and_descriptions_leave_out_what_is_not_there(forms: Forms) -> None:
    for shown in (*forms.events.values(), *forms.descriptions.values()):
        assert None not in [*values_in(shown)]


def test_records_have_every_documented_member_in_order(forms: Forms) -> None:
    names = {tuple(record) for record in forms.records.values()}
    of_agents = {tuple(record["Agent"]) for record in forms.records.values() if record["Agent"]}
    assert names == {tuple(sorted(RECORD))}
    assert of_agents == {tuple(sorted(AGENT))}


def test_a_contact_without_a_campaign_has_a_null_campaign_id(
    forms: Forms, mock_of_forms: ConnectMock
) -> None:
    without = [contact.id for contact in mock_of_forms.contacts if contact.campaign is None]
    assert without
    for contact_id in without:
        event, record, described = forms.of(contact_id).values()
        assert record["Campaign"] == {"CampaignId": None}
        assert "campaign" not in event
        assert "Campaign" not in described


def test_times_are_as_exact_as_each_form_writes_them(forms: Forms) -> None:
    first = next(iter(forms.records))
    event, record, described = forms.of(first).values()
    assert event["initiationTimestamp"] == "2026-03-01T12:00:00.123Z"
    assert record["InitiationTimestamp"] == "2026-03-01T12:00:00Z"
    assert described["InitiationTimestamp"] == START.replace(microsecond=123000)


def times_in(shown: Any) -> Iterator[tuple[str, datetime]]:
    """Yield the times in a form, by their names in lower case."""
    for name, value in shown.items() if isinstance(shown, Mapping) else ():
        yield from times_in(value)
        if name.lower().endswith("timestamp"):
            at = datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value
            yield name.lower(), at


def test_a_moment_is_equal_in_events_and_descriptions(forms: Forms) -> None:
    compared = set()
    for contact_id in forms.descriptions:
        event, _, described = forms.of(contact_id).values()
        of_event, of_description = dict(times_in(event)), dict(times_in(described))
        for name in of_event.keys() & of_description.keys():
            assert of_event[name] == of_description[name], name
            compared.add(name)
    assert len(compared) == 11
