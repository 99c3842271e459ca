"""SearchContacts: time ranges, criteria, order and pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from factories import UNKNOWN, AnItem, Put

from connect_batchmock import ConnectMock, Instance, Queue, outcomes
from connect_batchmock.protocol.model import service_model
from connect_batchmock.services.connect.tags import tags_match

START = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=timezone.utc)
ALL_DAY = (START - timedelta(hours=12), START + timedelta(hours=12))
CRITERIA = service_model("connect").shape_for("SearchCriteria").members

Search = Callable[..., dict[str, Any]]
Found = Callable[..., list[str]]


def number(last: int) -> dict[str, str]:
    return {"Type": "TELEPHONE_NUMBER", "Address": f"+1555555010{last}"}


def within(start: datetime, end: datetime, of: str = "INITIATION_TIMESTAMP") -> dict[str, Any]:
    return {"Type": of, "StartTime": start, "EndTime": end}


def by(field: str, order: str) -> dict[str, str]:
    return {"FieldName": field, "Order": order}


@pytest.fixture(autouse=True)
def frozen_time() -> Iterator[None]:
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def search(connect_client: Any, connect_instance: Instance) -> Search:
    """Search the contacts of the day; a keyword adds or replaces a parameter."""

    def call(**parameters: Any) -> dict[str, Any]:
        wanted = {"InstanceId": connect_instance.id, "TimeRange": within(*ALL_DAY), **parameters}
        answer: dict[str, Any] = connect_client.search_contacts(**wanted)
        return answer

    return call


@pytest.fixture
def found(connect_mock: ConnectMock, search: Search) -> Found:
    """Search, and return the last digits of the customers' numbers, in the order of the answer."""

    def call(**parameters: Any) -> list[str]:
        answer = search(**parameters)
        assert answer["TotalCount"] == len(answer["Contacts"])
        ids = [contact["Id"] for contact in answer["Contacts"]]
        return [connect_mock.contacts.one(id=identifier).customer_address[-1] for identifier in ids]

    return call


@pytest.fixture
def three(connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem) -> None:
    """One contact that was connected and ended, one that is being talked to, one that waits."""
    connect_queue.add_agents(1)
    connect_mock.on_dial([outcomes.answered(ring=10, talk=10), outcomes.answered(ring=10, talk=600)])
    for last in (1, 2, 3):
        put(an_item(CustomerEndpoint=number(last), Attributes={"n": str(last), "odd": str(last % 2)}))
        connect_mock.advance(10)
    connect_mock.advance(30)


# Results


def test_a_contact_that_was_found_is_told_in_short(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    three: None,
    search: Search,
) -> None:
    contact = connect_mock.contacts[0]
    assert contact.agent is not None
    connect_client.update_contact(
        InstanceId=connect_instance.id,
        ContactId=contact.id,
        Name="First",
        SegmentAttributes={"tier": {"ValueString": "1"}, "size": {"ValueInteger": 3}},
    )

    *_, told = search()["Contacts"]

    members = service_model("connect").shape_for("ContactSearchSummary").members
    tags = {"Tags": {"aws:connect:instanceId": connect_instance.id}} if "Tags" in members else {}
    # The summary of a segment attribute is its text, if it has a text.
    assert told == {
        "Arn": contact.arn,
        "Id": contact.id,
        "InitiationMethod": "API",
        "Channel": "VOICE",
        "QueueInfo": {"Id": connect_queue.id, "EnqueueTimestamp": START + timedelta(seconds=10)},
        "AgentInfo": {
            "Id": contact.agent.id,
            "ConnectedToAgentTimestamp": START + timedelta(seconds=10),
        },
        "InitiationTimestamp": START,
        "DisconnectTimestamp": START + timedelta(seconds=20),
        "SegmentAttributes": {"tier": {"ValueString": "1"}, "size": {}},
        "Name": "First",
        **tags,
    }


def test_a_waiting_contact_has_no_later_members(three: None, search: Search) -> None:
    first, *_ = search()["Contacts"]
    assert set(first) - {"Tags"} == {
        "Arn",
        "Id",
        "InitiationMethod",
        "Channel",
        "InitiationTimestamp",
    }


# Time ranges


@pytest.mark.parametrize(
    ("of", "second", "digits"),
    [
        ("INITIATION_TIMESTAMP", 0, ["1"]),
        # The second contact was put before, and is dialed when the agent is free.
        ("INITIATION_TIMESTAMP", 10, []),
        ("INITIATION_TIMESTAMP", 20, ["3", "2"]),
        ("ENQUEUE_TIMESTAMP", 10, ["1"]),
        ("CONNECTED_TO_AGENT_TIMESTAMP", 30, ["2"]),
        ("DISCONNECT_TIMESTAMP", 20, ["1"]),
    ],
)
def test_a_range_is_about_one_of_the_times_of_a_contact(
    three: None, found: Found, of: str, second: int, digits: list[str]
) -> None:
    moment = START.replace(microsecond=0) + timedelta(seconds=second)
    assert found(TimeRange=within(moment, moment, of)) == digits
    assert found(TimeRange=within(moment + timedelta(seconds=1), moment + timedelta(seconds=9), of)) == []


def test_a_range_includes_the_second_in_which_it_starts(
    three: None, send: Any, connect_mock: ConnectMock
) -> None:
    instance, start = connect_mock.instances[0], START.replace(microsecond=0) + timedelta(seconds=0.9)
    body = {
        "InstanceId": instance.id,
        "TimeRange": {
            "Type": "INITIATION_TIMESTAMP",
            "StartTime": start.timestamp(),
            "EndTime": start.timestamp() + 1,
        },
    }
    answer = send("/search-contacts", body, method="POST")
    assert json.loads(answer.body)["TotalCount"] == 1


def test_no_call_is_scheduled(three: None, found: Found) -> None:
    assert found(TimeRange=within(*ALL_DAY, "SCHEDULED_TIMESTAMP")) == []


def test_a_range_that_ends_before_it_starts_is_refused(connect_client: Any, search: Search) -> None:
    start, end = ALL_DAY
    additional = {"Criteria": [{"TimeRange": within(end, start)}], "MatchType": "MATCH_ALL"}
    for parameters in (
        {"TimeRange": within(end, start)},
        {"SearchCriteria": {"AdditionalTimeRange": additional}},
    ):
        with pytest.raises(
            connect_client.exceptions.InvalidParameterException, match="is before its StartTime"
        ):
            search(**parameters)


# Criteria


def test_contacts_are_found_by_their_agent_and_their_queue(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, three: None, found: Found
) -> None:
    agent, other = connect_queue.agents[0], connect_instance.add_queue()

    assert found(SearchCriteria={"AgentIds": [agent.id]}) == ["2", "1"]
    assert found(SearchCriteria={"AgentIds": [UNKNOWN]}) == []
    assert found(SearchCriteria={"QueueIds": [other.id, connect_queue.id]}) == ["2", "1"], "the third waits"
    assert found(SearchCriteria={"QueueIds": [other.id]}) == []
    assert found(SearchCriteria={"QueueIds": [connect_queue.id], "AgentIds": [UNKNOWN]}) == []


def test_a_contact_without_a_queue_is_in_none(
    connect_queue: Queue, put: Put, an_item: AnItem, found: Found
) -> None:
    put(an_item(QueueId=None, SystemEndpoint=number(9), CustomerEndpoint=number(1)))
    assert found() == ["1"]
    assert found(SearchCriteria={"QueueIds": [connect_queue.id]}) == []


@pytest.mark.parametrize(
    ("criteria", "is_met"),
    [
        ({"Channels": ["CHAT", "VOICE"]}, True),
        ({"Channels": ["CHAT"]}, False),
        ({"InitiationMethods": ["API"]}, True),
        ({"InitiationMethods": ["INBOUND"]}, False),
        ({"AgentIds": [], "QueueIds": [], "Channels": []}, True),
        ({"AgentHierarchyGroups": {"L1Ids": ["group"]}}, False),
        ({"RoutingCriteria": {"Steps": [{}]}}, False),
        ({"ContactAnalysis": {"Transcript": {"Criteria": []}}}, False),
        ({"ActiveRegions": ["us-east-1"]}, False),
        ({"AiAgents": {"Criteria": [{"AiAgentEscalated": False}]}}, False),
    ],
)
def test_calls_are_alike_in_what_else_contacts_can_be(
    put: Put, an_item: AnItem, found: Found, criteria: dict[str, Any], is_met: bool
) -> None:
    put(an_item(CustomerEndpoint=number(1)))
    in_the_model = {name: value for name, value in criteria.items() if name in CRITERIA}
    assert found(SearchCriteria=in_the_model) == (["1"] if is_met or not in_the_model else [])


@pytest.mark.parametrize(
    ("match", "texts", "is_met"),
    [
        ("MATCH_ANY", ["SPRING", "winter"], True),
        ("MATCH_ANY", ["winter"], False),
        ("MATCH_ANY", [], True),
        ("MATCH_ALL", ["spring", "offer"], True),
        ("MATCH_ALL", ["spring", "winter"], False),
        ("MATCH_EXACT", ["spring"], False),
        ("MATCH_EXACT", ["the spring offer"], True),
        ("MATCH_EXACT", [], True),
        ("MATCH_NONE", ["winter"], True),
        ("MATCH_NONE", ["winter", "offer"], False),
    ],
)
def test_contacts_are_found_by_their_name(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    put: Put,
    an_item: AnItem,
    found: Found,
    match: str,
    texts: list[str],
    is_met: bool,
) -> None:
    put(an_item(CustomerEndpoint=number(1)))
    contact = connect_mock.contacts.one()
    connect_client.update_contact(
        InstanceId=connect_instance.id, ContactId=contact.id, Name="The Spring offer"
    )

    criteria = {"Name": {"SearchText": texts, "MatchType": match}}
    assert found(SearchCriteria=criteria) == (["1"] if is_met else [])


def test_a_contact_without_a_name_has_no_text_in_it(put: Put, an_item: AnItem, found: Found) -> None:
    put(an_item(CustomerEndpoint=number(1)))
    assert found(SearchCriteria={"Name": {"SearchText": ["a"], "MatchType": "MATCH_ANY"}}) == []


@pytest.mark.parametrize(
    ("match", "digits"),
    [(None, ["1"]), ("MATCH_ALL", ["1"]), ("MATCH_ANY", ["3", "2", "1"]), ("MATCH_NONE", [])],
)
def test_contacts_are_found_by_their_attributes(
    three: None, found: Found, match: str | None, digits: list[str]
) -> None:
    conditions = [{"Key": "odd", "Values": ["1"]}, {"Key": "n", "Values": ["1", "2"]}]
    attributes = {"Criteria": conditions, **({} if match is None else {"MatchType": match})}
    assert found(SearchCriteria={"SearchableContactAttributes": attributes}) == digits


def test_an_attribute_that_a_contact_does_not_have_has_no_value(three: None, found: Found) -> None:
    attributes = {"Criteria": [{"Key": "other", "Values": ["1", ""]}]}
    assert found(SearchCriteria={"SearchableContactAttributes": attributes}) == []


def test_contacts_are_found_by_segment_attributes(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, three: None, found: Found
) -> None:
    connect_client.update_contact(
        InstanceId=connect_instance.id,
        ContactId=connect_mock.contacts[1].id,
        SegmentAttributes={"tier": {"ValueString": "1"}, "size": {"ValueInteger": 3}},
    )

    def found_by(key: str, value: str) -> list[str]:
        return found(
            SearchCriteria={"SearchableSegmentAttributes": {"Criteria": [{"Key": key, "Values": [value]}]}}
        )

    assert found_by("tier", "1") == ["2"]
    assert found_by("tier", "2") == found_by("size", "3") == []


@pytest.mark.parametrize(
    ("match", "digits"),
    [("MATCH_ALL", []), ("MATCH_ANY", ["3", "2", "1"]), ("MATCH_NONE", [])],
)
def test_contacts_are_found_by_several_times(
    three: None, found: Found, match: str, digits: list[str]
) -> None:
    ended = {"TimeRange": within(*ALL_DAY, "DISCONNECT_TIMESTAMP")}
    open_still = {"TimestampCondition": {"Type": "DISCONNECT_TIMESTAMP", "ConditionType": "NOT_EXISTS"}}
    criteria = {"AdditionalTimeRange": {"Criteria": [ended, open_still], "MatchType": match}}
    assert found(SearchCriteria=criteria) == digits


def test_a_time_that_is_to_be_absent_can_be_the_only_condition(three: None, found: Found) -> None:
    absent = {"TimestampCondition": {"Type": "CONNECTED_TO_AGENT_TIMESTAMP", "ConditionType": "NOT_EXISTS"}}
    criteria = {"AdditionalTimeRange": {"Criteria": [absent], "MatchType": "MATCH_ALL"}}
    assert found(SearchCriteria=criteria) == ["3"]


TAGS = {"1": {"team": "a"}, "2": {"team": "b", "cost": "1"}, "3": {}}
TAG_FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"TagCondition": {"TagKey": "team", "TagValue": "a"}}, ["1"]),
    ({"TagCondition": {"TagKey": "team"}}, ["2", "1"]),
    ({"TagCondition": {"TagValue": "b"}}, ["2"]),
    ({"AndConditions": [{"TagKey": "team"}, {"TagKey": "cost"}]}, ["2"]),
    ({"OrConditions": [[{"TagKey": "cost"}], [{"TagKey": "team", "TagValue": "a"}]]}, ["2", "1"]),
    ({"OrConditions": [[{"TagKey": "cost"}, {"TagValue": "a"}]]}, []),
    ({"OrConditions": [], "AndConditions": []}, ["3", "2", "1"]),
]


@pytest.mark.parametrize(("tag_filter", "digits"), TAG_FILTERS)
def test_a_filter_lets_tags_pass(tag_filter: dict[str, Any], digits: list[str]) -> None:
    assert [digit for digit in ("3", "2", "1") if tags_match(TAGS[digit], tag_filter)] == digits


@pytest.mark.skipif("ContactTags" not in CRITERIA, reason="the installed botocore cannot search by tags")
@pytest.mark.parametrize(
    ("tag_filter", "digits"),
    [*TAG_FILTERS, ({"TagCondition": {"TagKey": "aws:connect:instanceId"}}, ["3", "2", "1"])],
)
def test_contacts_are_found_by_their_tags(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    three: None,
    found: Found,
    tag_filter: dict[str, Any],
    digits: list[str],
) -> None:
    for contact in connect_mock.contacts[:2]:
        tags = TAGS[contact.customer_address[-1]]
        connect_client.tag_contact(InstanceId=connect_instance.id, ContactId=contact.id, Tags=tags)
    assert found(SearchCriteria={"ContactTags": tag_filter}) == digits


# Order and pages


@pytest.mark.parametrize(
    ("sort", "digits"),
    [
        (None, ["3", "2", "1"]),
        (by("INITIATION_TIMESTAMP", "ASCENDING"), ["1", "3", "2"]),
        (by("INITIATION_TIMESTAMP", "DESCENDING"), ["3", "2", "1"]),
        (by("CONNECTED_TO_AGENT_TIMESTAMP", "ASCENDING"), ["1", "2", "3"]),
        (by("CONNECTED_TO_AGENT_TIMESTAMP", "DESCENDING"), ["2", "1", "3"]),
        (by("DISCONNECT_TIMESTAMP", "ASCENDING"), ["1", "3", "2"]),
        (by("DISCONNECT_TIMESTAMP", "DESCENDING"), ["1", "3", "2"]),
        (by("SCHEDULED_TIMESTAMP", "ASCENDING"), ["3", "2", "1"]),
        (by("EXPIRY_TIMESTAMP", "ASCENDING"), ["3", "2", "1"]),
        (by("CHANNEL", "ASCENDING"), ["3", "2", "1"]),
        (by("INITIATION_METHOD", "DESCENDING"), ["3", "2", "1"]),
    ],
)
def test_contacts_come_in_the_order_that_is_asked_for(
    three: None, found: Found, sort: dict[str, str] | None, digits: list[str]
) -> None:
    assert found(**({} if sort is None else {"Sort": sort})) == digits


def test_pages_follow_each_other(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    put(*[an_item(CustomerEndpoint=number(last)) for last in range(5)])

    paginator = connect_client.get_paginator("search_contacts")
    pages = list(
        paginator.paginate(
            InstanceId=connect_instance.id,
            TimeRange=within(*ALL_DAY),
            PaginationConfig={"PageSize": 2},
        )
    )

    assert [len(page["Contacts"]) for page in pages] == [2, 2, 1]
    assert [page["TotalCount"] for page in pages] == [5, 5, 5]
    told = [contact["Id"] for page in pages for contact in page["Contacts"]]
    assert told == [contact.id for contact in reversed(connect_mock.contacts)]


def test_a_page_holds_a_hundred_contacts(put: Put, an_item: AnItem, search: Search) -> None:
    for _ in range(5):
        put(*[an_item()] * 21)
    answer = search()
    assert (len(answer["Contacts"]), answer["TotalCount"]) == (100, 105)
    assert "NextToken" in answer


def test_a_token_that_was_not_given_is_refused(connect_client: Any, search: Search) -> None:
    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match="is invalid; send the token"
    ):
        search(NextToken="other")


def test_each_instance_has_its_own_contacts(
    connect_mock: ConnectMock, connect_client: Any, put: Put, an_item: AnItem, search: Search
) -> None:
    put(an_item())
    assert search(InstanceId=connect_mock.add_instance().id)["Contacts"] == []
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        search(InstanceId=UNKNOWN)
