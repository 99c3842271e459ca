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
from connect_batchmock.services.connect.contact_members import MEMBERS, Group, Kind, Member

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

NOT_SHOWN: Mapping[str, str] = {
    "system_endpoint": "calling_from has it, or the number of the queue",
    "request_identifier": "only the response of BatchPutContact has it",
    "created_at": "initiated_at is this until the contact is dialed",
    "dialed_at": "initiated_at is this from then on",
    "state": "the type of an event is this",
    "preview": "outbound_strategy has it as it was given",
    "answer_machine_detection": "answering_machine_detection_status is what comes of it",
    "ring_timeout": "no form has it",
    "tags": "all_tags has them",
    "event_count": "the id of an event is made of it",
}
"""The fields of a contact without a member, with the members that show them."""

NOT_IN_EVENTS = {
    "AWSAccountId": "the envelope has it",
    "AWSContactTraceRecordFormatVersion": "only records have a version",
    "AfterContactWorkDuration": "left out",
    "Agent.Id": "agentArn ends with it",
    "AgentConnectionAttempts": "only records count",
    "AgentInteractionDuration": "left out",
    "Arn": "the resources of the envelope have it",
    "Attributes": "events say only that they have changed",
    "CustomerEndpoint.Address": "left out",
    "CustomerEndpoint.Type": "left out",
    "DequeueTimestamp": "left out",
    "Description": "told by none",
    "LastUpdateTimestamp": "the time of the envelope",
    "Name": "told by none",
    "Queue.Duration": "left out",
    "Queue.Id": "queueArn ends with it",
    "Queue.Name": "queueArn names it",
    "QueuePriority": "left out",
    "References": "told by none",
    "RingStartTimestamp": "left out",
    "RoutingProfile": "left out",
    "SystemEndpoint.Address": "left out",
    "SystemEndpoint.Type": "left out",
    "Username": "agentArn names them",
}


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
def forms() -> Iterator[Forms]:
    """Make contacts of every kind, each to its end, and one that changes after that."""
    with time_machine.travel(START, tick=False), mock_connect() as mock:
        instance = mock.add_instance("forms")
        make_contacts(mock, instance)
        mock.advance(600)
        change(mock, instance, mock.contacts[0].id)
        assert {contact.state for contact in mock.contacts} == {"COMPLETED"}
        yield Forms(mock, instance)


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
    known = service_model("connect").shape_for("Contact").members
    having = [form for form in FORMS if getattr(member, form)]
    if "described" in having and (group or member).described not in known:
        having.remove("described")
    for contact_id in forms.descriptions:
        shown = {
            form: plain(value_of(given, form, group, member), form, member.kind)
            for form, given in forms.of(contact_id).items()
            if form in having
        }
        if member.kind is Kind.DURATION and len(shown) > 1 and None not in shown.values():
            # Records have the nearest second, and DescribeContact the whole ones.
            assert abs(shown["record"] - shown["described"]) <= 1
        else:
            first = next(iter(shown.values()), None)
            assert all(value == first for value in shown.values()), shown


@pytest.mark.parametrize("fact", [name for name, (_, member) in FACTS.items() if member.field])
def test_each_fact_is_there_for_some_contact(forms: Forms, fact: str) -> None:
    group, member = FACTS[fact]
    known = service_model("connect").shape_for("Contact").members
    for form in FORMS:
        is_known = form != "described" or (group or member).described in known
        if getattr(member, form) and is_known:
            values = [
                value_of(forms.of(contact_id)[form], form, group, member) for contact_id in forms.records
            ]
            assert any(values), form


def test_what_events_do_not_have_is_named() -> None:
    lacking = {name for name, (_, member) in FACTS.items() if member.event is None and member.field}
    assert lacking == NOT_IN_EVENTS.keys() - {"AWSContactTraceRecordFormatVersion"}


def test_each_field_is_read_by_a_member_or_named() -> None:
    entries = [entry for group, member in facts() for entry in (group, member) if entry]
    read = {entry.field for entry in entries} | {
        entry.field for entry in MEMBERS if isinstance(entry, Member) and entry.time_type
    }
    assert set(Contact._fields) - read == NOT_SHOWN.keys()


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


def test_records_have_every_member_in_order(forms: Forms) -> None:
    names = {tuple(record) for record in forms.records.values()}
    of_agents = {tuple(record["Agent"]) for record in forms.records.values() if record["Agent"]}
    assert names == {tuple(sorted(*names))}
    assert of_agents == {tuple(sorted(*of_agents))}


def test_times_are_as_exact_as_each_form_writes_them(forms: Forms) -> None:
    first = next(iter(forms.records))
    event, record, described = forms.of(first).values()
    assert event["initiationTimestamp"] == "2026-03-01T12:00:00.123Z"
    assert record["InitiationTimestamp"] == "2026-03-01T12:00:00Z"
    assert described["InitiationTimestamp"] == START
