"""Contacts, calls and failed requests as a test reads them, and the assertions about them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from dirty_equals import IsDatetime, IsPartialDict, IsStr, IsUUID
from factories import item_for

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Queue


class Dialer:
    """An application in miniature: it sends items to one queue of one campaign."""

    def __init__(self, client: Any, instance: Instance, queue: Queue, campaign: Campaign) -> None:
        self.client = client
        self.instance = instance
        self.queue = queue
        self.campaign = campaign

    def item(self, address: str = "+15555550100", **members: Any) -> dict[str, Any]:
        return item_for(self.queue, self.campaign, address, **members)

    def send(self, *items: dict[str, Any]) -> Any:
        return self.client.batch_put_contact(InstanceId=self.instance.id, ContactDataRequestList=list(items))


@pytest.fixture
def dialer(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign
) -> Dialer:
    return Dialer(connect_client, connect_instance, connect_queue, connect_campaign)


@pytest.fixture
def three(dialer: Dialer, connect_mock: ConnectMock) -> ConnectMock:
    dialer.send(
        dialer.item("+15555550101", RequestIdentifier="lead-1", Attributes={"lead": "1", "language": "de"}),
        dialer.item("+15555550102", RequestIdentifier="lead-2", Attributes={"lead": "2", "language": "de"}),
        dialer.item("+15555550103"),
    )
    return connect_mock


def test_a_contact_has_the_members_of_its_item(
    dialer: Dialer, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    strategy = {
        "Type": "AGENT_FIRST",
        "Config": {
            "AgentFirst": {
                "Preview": {
                    "PostAcceptTimeoutConfig": {"DurationInSeconds": 30},
                    "AllowedUserActions": ["CALL"],
                }
            }
        },
    }
    system = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    item = dialer.item(
        Attributes={"name": "Zoë"}, SystemEndpoint=system, OutboundStrategy=strategy, RequestIdentifier="a"
    )
    answer = dialer.send(item)
    contact = connect_mock.contacts.one()
    assert contact == Contact(
        id=answer["SuccessfulRequestList"][0]["ContactId"],
        arn=f"{connect_instance.arn}/contact/{contact.id}",
        instance=connect_instance,
        queue=dialer.queue,
        campaign=dialer.campaign,
        customer_endpoint=contact.customer_endpoint,
        system_endpoint=contact.system_endpoint,
        attributes={"name": "Zoë"},
        request_identifier="a",
        outbound_strategy=strategy,
        created_at=IsDatetime(approx=datetime.now(timezone.utc), delta=60, enforce_tz=False),
        state="INITIATED",
    )
    assert (contact.customer_address, contact.system_address) == ("+15555550100", "+15555550199")
    assert contact.system_endpoint is not None
    assert contact.system_endpoint.type == contact.customer_endpoint.type == "TELEPHONE_NUMBER"


def test_without_a_system_endpoint_there_is_no_system_address(three: ConnectMock) -> None:
    assert three.contacts[0].system_address is None
    assert three.contacts[0].system_endpoint is None


def test_a_contact_that_has_no_queue_is_read_without_one(dialer: Dialer, connect_mock: ConnectMock) -> None:
    item = dialer.item(SystemEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"})
    del item["QueueId"]
    dialer.send(item)
    assert connect_mock.contacts.one(queue=None).queue is None


def test_contacts_are_found_by_an_attribute(three: ConnectMock) -> None:
    assert three.contacts.one(customer_address="+15555550102").request_identifier == "lead-2"


def test_attributes_match_as_a_subset(three: ConnectMock) -> None:
    assert len(three.contacts.where(attributes={"language": "de"})) == 2
    assert three.contacts.one(attributes={"language": "de", "lead": "2"}).request_identifier == "lead-2"


def test_an_attribute_that_is_missing_does_not_match(three: ConnectMock) -> None:
    assert not three.contacts.where(attributes={"country": "AT"})


def test_where_can_be_narrowed_again(three: ConnectMock) -> None:
    assert three.contacts.where(attributes={"language": "de"}).one(attributes={"lead": "1"})


def test_dirty_equals_decides_for_itself(three: ConnectMock) -> None:
    assert three.contacts.one(customer_address=IsStr(regex=r".*103"), id=IsUUID(4))
    assert len(three.contacts.where(attributes=IsPartialDict(language="de"))) == 2


def test_objects_of_the_backend_and_their_ids_are_both_criteria(three: ConnectMock, dialer: Dialer) -> None:
    for queue, campaign, instance in (
        (dialer.queue, dialer.campaign, dialer.instance),
        (dialer.queue.id, dialer.campaign.id, dialer.instance.id),
    ):
        assert len(three.contacts.where(queue=queue, campaign=campaign, instance=instance)) == 3
    assert not three.contacts.where(queue=dialer.instance.add_queue())


def test_each_object_of_the_backend_has_its_own_contacts(three: ConnectMock, dialer: Dialer) -> None:
    assert dialer.queue.contacts == dialer.campaign.contacts == dialer.instance.contacts == three.contacts
    assert not dialer.instance.add_queue().contacts
    assert not dialer.instance.add_campaign().contacts
    assert not three.add_instance().contacts


def test_contacts_compare_with_lists_and_with_nothing_else(three: ConnectMock) -> None:
    assert three.contacts == list(three.contacts)
    assert three.contacts != list(three.contacts)[:2]
    assert three.contacts != 3
    assert three.contacts != "three"


def test_contacts_are_cut_and_counted_from_the_end_like_a_list(three: ConnectMock) -> None:
    assert three.contacts[-1].customer_address == "+15555550103"
    assert [contact.customer_address for contact in three.contacts[:2]] == ["+15555550101", "+15555550102"]
    assert repr(three.contacts[:0]) == "[]"


def test_records_that_were_read_do_not_change(three: ConnectMock, dialer: Dialer) -> None:
    before = three.contacts, three.calls, three.failed_requests
    dialer.send(dialer.item(), {})
    assert [len(records) for records in before] == [3, 1, 0]
    assert [len(records) for records in (three.contacts, three.calls, three.failed_requests)] == [4, 2, 1]


def test_a_test_cannot_rewrite_what_happened(dialer: Dialer, connect_mock: ConnectMock) -> None:
    item = dialer.item(Attributes={"lead": "1"}, RequestIdentifier="a")
    answer = dialer.send(item, {})
    item["Attributes"]["lead"] = "2"
    answer["FailedRequestList"].clear()
    connect_mock.contacts[0].attributes["lead"] = "3"  # type: ignore[index]  # what a careless test would do
    connect_mock.calls[0].parameters["ContactDataRequestList"].clear()
    connect_mock.calls[0].result["FailedRequestList"].clear()  # type: ignore[index]  # the same
    connect_mock.failed_requests[0].item["QueueId"] = "x"  # type: ignore[index]  # the same
    assert connect_mock.contacts[0].attributes == {"lead": "1"}
    assert connect_mock.calls[0].parameters["ContactDataRequestList"][0]["Attributes"] == {"lead": "1"}
    assert len((connect_mock.calls[0].result or {})["FailedRequestList"]) == 1
    assert connect_mock.failed_requests[0].item == {}


def test_a_call_is_found_by_its_parameters(three: ConnectMock, dialer: Dialer) -> None:
    identifiers = [{"RequestIdentifier": "lead-1"}, {}, {}]
    call = three.calls.one(operation="BatchPutContact", parameters={"ContactDataRequestList": identifiers})
    assert (call.service, call.error, call.attempt) == ("connect", None, 1)
    assert not three.calls.where(parameters={"ContactDataRequestList": [{}]})


def test_a_failed_request_keeps_its_item(dialer: Dialer, connect_mock: ConnectMock) -> None:
    item = dialer.item("0155/1234", RequestIdentifier="lead-9")
    dialer.send(item)
    failed = connect_mock.failed_requests.one(reason="INVALID_CUSTOMER_ENDPOINT")
    assert (failed.request_identifier, failed.item) == ("lead-9", item)
    assert "'0155/1234' is not in E.164 format" in failed.message


def test_one_names_the_nearest_contact_and_lists_all(three: ConnectMock) -> None:
    with pytest.raises(AssertionError) as caught:
        three.contacts.one(customer_address="+15555550102", attributes={"lead": "3", "vip": "yes"})
    assert str(caught.value) == (
        "No contact with customer_address='+15555550102', attributes={'lead': '3',\n"
        "    'vip': 'yes'}.\n"
        "\n"
        "The nearest is number 2:\n"
        "    attributes.lead  wanted '3'    is '2'\n"
        "    attributes.vip   wanted 'yes'  is absent\n"
        "\n"
        "If number 2 is the one you mean, correct the criteria;\n"
        "connect_mock.describe_contact('03410dfb-cdf6-4490-a6a4-f5f67859e950') shows what happened\n"
        "to it.\n"
        "\n"
        "3 contacts in all:\n"
        "  1. +15555550101, campaign 'Campaign 1', queue 'Queue 1', request 'lead-1', attributes\n"
        "         {'lead': '1', 'language': 'de'}\n"
        "  2. +15555550102, campaign 'Campaign 1', queue 'Queue 1', request 'lead-2', attributes\n"
        "         {'lead': '2', 'language': 'de'}\n"
        "  3. +15555550103, campaign 'Campaign 1', queue 'Queue 1', attributes {}"
    )


def test_one_says_when_there_are_several(three: ConnectMock) -> None:
    with pytest.raises(AssertionError) as caught:
        three.contacts.one(attributes={"language": "de"})
    assert str(caught.value).startswith(
        "2 contacts with attributes={'language': 'de'}, where one is expected.\n\n"
        "They differ in attributes, request_identifier, customer_address: add one of these to the\n"
        "criteria, or use where().\n\n"
        "3 contacts in all; * marks those that match:\n"
        "* 1. +15555550101"
    )


def test_an_empty_backend_is_said_to_be_empty(connect_mock: ConnectMock) -> None:
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_contact_created(customer_address="+15555550100")
    assert str(caught.value) == (
        "No contact with customer_address='+15555550100'.\n\n"
        "The mock has answered no API call. Check that the code under test runs, in this process,\n"
        "and with a client that no other mock made.\n\n"
        "There are no contacts."
    )


def test_an_unknown_criterion_is_refused_with_those_that_exist(three: ConnectMock) -> None:
    with pytest.raises(
        TypeError, match=r"A contact has no criterion 'adress'; did you mean 'system_address' or"
    ):
        three.contacts.where(adress="+15555550100")
    with pytest.raises(TypeError, match=r"A call has no criterion 'op'\. The criteria are service"):
        three.calls.where(op="BatchPutContact")
    with pytest.raises(TypeError, match=r"A failed request has no criterion 'code'\. The criteria are"):
        three.failed_requests.where(code="INVALID_QUEUE")


def test_assert_contact_created_returns_the_contact(three: ConnectMock) -> None:
    assert three.assert_contact_created(attributes={"lead": "2"}).customer_address == "+15555550102"


def test_assert_contact_count_counts_those_that_match(three: ConnectMock) -> None:
    three.assert_contact_count(3)
    three.assert_contact_count(2, attributes={"language": "de"})
    with pytest.raises(AssertionError) as caught:
        three.assert_contact_count(1, attributes={"language": "de"})
    assert str(caught.value).startswith(
        "2 contacts with attributes={'language': 'de'}, where 1 is expected.\n\nThey differ in attributes, "
    )
    assert "\n\n3 contacts in all; * marks those that match:\n* 1. " in str(caught.value)
    with pytest.raises(AssertionError, match=r"^3 contacts, where 4 are expected"):
        three.assert_contact_count(4)


def test_assert_no_contacts_lists_those_that_are_there(three: ConnectMock) -> None:
    three.assert_no_contacts(customer_address="+15555550999")
    with pytest.raises(AssertionError) as caught:
        three.assert_no_contacts(attributes={"lead": "1"})
    assert str(caught.value).startswith(
        "1 contact with attributes={'lead': '1'}, where none is expected.\n\n"
        "Created by call 1; connect_mock.calls shows what was sent.\n\n"
        "3 contacts in all; * marks those that match:\n* 1. +15555550101"
    )


def test_assert_called_finds_a_call_by_operation_and_parameters(three: ConnectMock, dialer: Dialer) -> None:
    assert three.assert_called("BatchPutContact", InstanceId=dialer.instance.id) == three.calls
    three.assert_called("BatchPutContact", times=1)
    three.assert_called("StopContact", times=0)
    with pytest.raises(AssertionError) as caught:
        three.assert_called("BatchPutContact", InstanceId="another")
    assert str(caught.value).endswith(
        "1 call in all:\n  1. BatchPutContact in us-east-1: 3 created, 0 failed"
    )
    row = f"    parameters.InstanceId  wanted 'another'  is {dialer.instance.id!r}\n"
    assert row in str(caught.value)
    with pytest.raises(AssertionError, match=r"^1 call of BatchPutContact, where 2 are expected"):
        three.assert_called("BatchPutContact", times=2)


def test_assert_called_refuses_an_operation_that_does_not_exist(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match=r"'batch_put_contact'; did you mean 'BatchPutContact'"):
        connect_mock.assert_called("batch_put_contact")
    with pytest.raises(ValueError, match=r"No operation of the mocked services is named 'Xyzzyx'\."):
        connect_mock.assert_called("Xyzzyx")


def test_a_line_about_a_call_shows_its_end(dialer: Dialer, connect_mock: ConnectMock) -> None:
    dialer.send(*({"RequestIdentifier": f"lead-{number}"} for number in range(7)), dialer.item())
    with pytest.raises(dialer.client.exceptions.ResourceNotFoundException):
        dialer.client.batch_put_contact(InstanceId="gone", ContactDataRequestList=[{}])
    assert connect_mock.calls.lines() == [
        "BatchPutContact in us-east-1: 1 created, 7 failed (lead-0 MISSING_CUSTOMER_ENDPOINT, "
        "lead-1 MISSING_CUSTOMER_ENDPOINT, lead-2 MISSING_CUSTOMER_ENDPOINT, "
        "lead-3 MISSING_CUSTOMER_ENDPOINT, lead-4 MISSING_CUSTOMER_ENDPOINT, 2 more)",
        "BatchPutContact in us-east-1: ResourceNotFoundException: The instance 'gone' was not found in this "
        "account and region.",
    ]


def test_a_long_list_is_cut_and_the_rest_counted(dialer: Dialer, connect_mock: ConnectMock) -> None:
    dialer.send(*(dialer.item(f"+155555501{number:02}") for number in range(25)))
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_no_contacts()
    assert str(caught.value).splitlines()[-2:] == [
        " 20. +15555550119, campaign 'Campaign 1', queue 'Queue 1', attributes {}",
        "     and 5 more",
    ]


def test_a_long_value_is_cut(dialer: Dialer, connect_mock: ConnectMock) -> None:
    dialer.send(dialer.item(Attributes={"note": "x" * 500}))
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_no_contacts()
    assert len(str(caught.value).splitlines()[-1]) < 220


def test_a_failed_request_is_described_in_a_line(dialer: Dialer, connect_mock: ConnectMock) -> None:
    dialer.send({"RequestIdentifier": "lead-1"}, {})
    failure = "MISSING_CUSTOMER_ENDPOINT, CustomerEndpoint is missing; give the phone number of the customer."
    assert connect_mock.failed_requests.lines() == [
        f"lead-1: {failure}",
        f"an item without RequestIdentifier: {failure}",
    ]


def test_handles_have_a_readable_repr(dialer: Dialer, connect_mock: ConnectMock) -> None:
    instance = connect_mock.add_instance("Support", region="eu-west-2")
    queue = instance.add_queue("Sales", enabled=False)
    campaign = instance.add_campaign("Spring", queue=queue)
    number = instance.add_phone_number("+15555550199")
    assert (instance.alias, instance.region) == ("Support", "eu-west-2")
    assert instance.arn == f"arn:aws:connect:eu-west-2:123456789012:instance/{instance.id}"
    assert (queue.name, queue.arn, queue.enabled) == ("Sales", f"{instance.arn}/queue/{queue.id}", False)
    assert campaign.arn == f"arn:aws:connect-campaigns:eu-west-2:123456789012:campaign/{campaign.id}"
    assert (campaign.name, campaign.queue, campaign.state) == ("Spring", queue, "Initialized")
    assert instance.add_campaign("Agentless").queue is None
    assert (instance.queues, instance.phone_numbers) == ([queue], [number])
    assert [campaign.name for campaign in instance.campaigns] == ["Spring", "Agentless"]
    assert connect_mock.instances == [dialer.instance, instance]
    assert repr(queue) == f"<Queue name='Sales' id={queue.id!r}>"
    assert repr(campaign) == f"<Campaign name='Spring' id={campaign.id!r}>"
    assert repr(instance) == f"<Instance alias='Support' id={instance.id!r} region='eu-west-2'>"


def test_a_queue_is_enabled_and_disabled(connect_queue: Queue) -> None:
    connect_queue.disable()
    assert not connect_queue.enabled
    connect_queue.enable()
    assert connect_queue.enabled


def test_reset_forgets_everything_and_begins_with_the_same_ids(three: ConnectMock, dialer: Dialer) -> None:
    three.reset()
    assert not three.contacts
    assert not three.calls
    assert not three.instances
    assert three.add_instance().id == dialer.instance.id


def test_now_is_aware_and_in_utc(connect_mock: ConnectMock) -> None:
    assert connect_mock.now().tzinfo is timezone.utc
    assert abs((connect_mock.now() - datetime.now(timezone.utc)).total_seconds()) < 60


def test_a_client_of_another_service_is_refused(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match=r"does not mock 's3'; it mocks connect, connectcampaigns, "):
        connect_mock.client("s3")


def test_a_mock_is_shown_by_its_region() -> None:
    assert repr(ConnectMock(region="eu-west-2")) == "<ConnectMock region='eu-west-2'>"


def test_a_contact_says_where_it_belongs_by_ids(three: ConnectMock, dialer: Dialer) -> None:
    contact = three.contacts[0]

    assert contact.instance_id == dialer.instance.id
    assert contact.queue_id == dialer.queue.id
    assert contact.campaign_id == dialer.campaign.id


def test_a_call_without_campaign_or_queue_has_no_ids_of_them(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    campaign = connect_instance.add_campaign()
    connect_client.batch_put_contact(
        InstanceId=connect_instance.id,
        ContactDataRequestList=[
            {
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
                "SystemEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"},
                "Campaign": {"CampaignId": campaign.id},
            }
        ],
    )
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        DestinationPhoneNumber="+15555550101",
        ContactFlowId="00000000-0000-4000-8000-000000000000",
        SourcePhoneNumber="+15555550199",
    )

    assert connect_mock.contacts[0].queue_id is None
    assert connect_mock.contacts[1].campaign_id is None


@pytest.mark.parametrize("kind", ["instance", "queue", "campaign"])
def test_contacts_are_found_by_the_ids_of_what_they_belong_to(
    three: ConnectMock, dialer: Dialer, kind: str
) -> None:
    wanted = getattr(dialer, kind).id

    assert three.contacts.where(**{f"{kind}_id": wanted}) == three.contacts
    assert three.contacts.where(**{f"{kind}_id": wanted.upper() + "0"}) == []
