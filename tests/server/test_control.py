"""Control by HTTP reads and changes a mock as a test does in Python: the same names, the same sentences."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from factories import AnItem, Put
from freezegun import freeze_time
from http_client import HttpClient

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, StateError, outcomes
from connect_batchmock.domain.outcome import PREVIEW_DISCARDED
from connect_batchmock.server.control.binding import call_method
from connect_batchmock.server.control.endpoints import MAX_SNAPSHOTS, METHODS, METHODS_OF, RECORDS, WAITS


@pytest.fixture
def http(connect_mock: ConnectMock) -> HttpClient:
    return HttpClient(connect_mock)


@pytest.fixture
def three(put: Put, an_item: AnItem) -> None:
    numbers = [{"Type": "TELEPHONE_NUMBER", "Address": f"+1555555010{number}"} for number in range(3)]
    put(
        an_item(CustomerEndpoint=numbers[0], Attributes={"lead": "1", "language": "de"}),
        an_item(
            CustomerEndpoint=numbers[1], Attributes={"lead": "2", "language": "de"}, RequestIdentifier="7"
        ),
        an_item(CustomerEndpoint=numbers[2], Attributes={"lead": "3"}),
        {"RequestIdentifier": "lead-4"},
    )


def refused(answer: Any, status: int = 400) -> str:
    assert answer.status == status, answer.body
    message: str = answer.json["message"]
    return message


def sentence_of(call: Callable[[], object]) -> str:
    with pytest.raises((ValueError, TypeError, AssertionError)) as caught:
        call()
    return str(caught.value)


# Reading


@pytest.mark.usefixtures("three")
def test_a_contact_has_the_names_that_it_has_in_python(http: HttpClient, connect_mock: ConnectMock) -> None:
    answer = http.get("contacts")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    shown, contact = answer.json["contacts"][1], connect_mock.contacts[1]
    assert contact.queue is not None
    assert contact.campaign is not None
    assert shown == {
        "id": contact.id,
        "arn": contact.arn,
        "instance": {"id": contact.instance.id, "alias": contact.instance.alias},
        "queue": {"id": contact.queue.id, "name": contact.queue.name},
        "campaign": {"id": contact.campaign.id, "name": contact.campaign.name},
        "customer_endpoint": {"type": "TELEPHONE_NUMBER", "address": "+15555550101"},
        "customer_address": "+15555550101",
        "system_endpoint": None,
        "system_address": None,
        "attributes": {"lead": "2", "language": "de"},
        "request_identifier": "7",
        "outbound_strategy": None,
        "created_at": contact.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "state": "INITIATED",
        **dict.fromkeys(
            (
                *("expires_at", "agent", "dialed_at", "ring_started_at", "connected_to_system_at"),
                *("answering_machine_detection_status", "enqueued_at", "connected_to_agent_at"),
                *("disconnected_at", "disconnect_reason"),
            )
        ),
        "tags": {},
        "waiting_for": "an agent of queue 'Queue 1'",
    }


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "leads"),
    [
        ("state=INITIATED", ["1", "2", "3"]),
        ("state=QUEUED", []),
        ("customer_address=%2B15555550101", ["2"]),
        ('attributes={"language":"de"}', ["1", "2"]),
        ('attributes={"language":"de"}&request_identifier=null', ["1"]),
        ("request_identifier=7", ["2"]),
        ('customer_endpoint={"address":"%2B15555550102"}', ["3"]),
        ("disconnected_at=null&limit=2", ["1", "2"]),
        ("limit=1&after=1", ["2"]),
        ("after=3", []),
        ("campaign=00000000-0000-4000-8000-000000000000", []),
    ],
)
def test_contacts_are_found_by_the_criteria_of_where(http: HttpClient, query: str, leads: list[str]) -> None:
    matches = http.get(f"contacts?{query}").json["contacts"]
    assert [contact["attributes"]["lead"] for contact in matches] == leads


@pytest.mark.usefixtures("three")
def test_contacts_are_found_by_owner_and_by_time(
    http: HttpClient, connect_queue: Queue, connect_campaign: Campaign, connect_instance: Instance
) -> None:
    created_at = http.get("contacts").json["contacts"][0]["created_at"]
    query = f"queue={connect_queue.id}&campaign={connect_campaign.id}&instance={connect_instance.id}"
    assert http.get(f"contacts?{query}&created_at={created_at}").json["count"] == 3


@pytest.mark.usefixtures("three")
def test_pages_follow_each_other(http: HttpClient) -> None:
    first = http.get("contacts?limit=2").json
    assert (len(first["contacts"]), first["count"], first["next"]) == (2, 3, 2)
    second = http.get(f"contacts?limit=2&after={first['next']}").json
    assert (len(second["contacts"]), second["count"], second["next"]) == (1, 3, None)


@pytest.mark.usefixtures("three")
def test_calls_failed_requests_events_and_records_are_read(
    http: HttpClient, connect_mock: ConnectMock
) -> None:
    http.post("advance", {"seconds": 3600})
    (call,) = http.get("calls?operation=BatchPutContact&attempt=1&error=null").json["calls"]
    assert call["parameters"]["ContactDataRequestList"][3] == {"RequestIdentifier": "lead-4"}
    assert call["at"] == http.get("contacts").json["contacts"][0]["created_at"]
    (failed,) = http.get("failed_requests?request_identifier=lead-4").json["failed_requests"]
    assert failed == {
        "reason": connect_mock.failed_requests[0].reason,
        "message": connect_mock.failed_requests[0].message,
        "request_identifier": "lead-4",
        "item": {"RequestIdentifier": "lead-4"},
        "call_number": 1,
        "service": "connect",
        "operation": "BatchPutContact",
    }
    assert http.get("failed-requests").json == http.get("failed_requests").json
    assert http.get("events?eventType=INITIATED").json["events"] == list(
        connect_mock.events.where(eventType="INITIATED")
    )
    records = http.get("contact_records").json
    assert records["contact_records"] == list(connect_mock.contact_records)


def test_the_overview_is_read(
    http: HttpClient, connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    connect_queue.add_agents(1)
    connect_instance.add_phone_number("+15555550199")
    (instance,) = http.get("instances").json["instances"]
    assert instance["alias"] == connect_instance.alias
    assert instance["queues"] == [{"id": connect_queue.id, "name": connect_queue.name}]
    assert instance["phone_numbers"][0]["number"] == "+15555550199"
    (queue,) = http.get("queues").json["queues"]
    assert queue["instance"] == {"id": connect_instance.id, "alias": connect_instance.alias}
    (agent,) = http.get("agents").json["agents"]
    assert queue["agents"] == [{"id": agent["id"], "username": "agent-1"}]
    assert (agent["status"], agent["activity"]) == ("Available", "AVAILABLE")
    assert agent["queues"] == [{"id": connect_queue.id, "name": connect_queue.name}]
    assert agent["instance"] == queue["instance"]
    (campaign,) = http.get("campaigns").json["campaigns"]
    assert (campaign["name"], campaign["state"]) == (connect_campaign.name, "Initialized")
    assert campaign["queue"]["id"] == connect_queue.id


def test_the_clock_the_settings_and_faults_are_read(http: HttpClient, connect_mock: ConnectMock) -> None:
    before = http.get("now").json["now"]
    connect_mock.advance(3600)
    assert http.get("now").json["now"] > before
    assert http.get("settings").json["settings"]["account_id"] == connect_mock.settings.account_id
    assert http.get("unfaked_operations").json == {"unfaked_operations": []}
    assert http.get("faults").json == {"faults": [], "rates": []}


@pytest.mark.connect_mock(strict=False)
def test_faults_show_how_often_they_fired(http: HttpClient, connect_mock: ConnectMock) -> None:
    connect_mock.fail("ListQueues", 503, times=3)
    connect_mock.limit_rate("ListQueues", per_second=2, burst=4)
    connect_mock.reject_contacts("INTERNAL_ERROR")
    client = connect_mock.client()
    with pytest.raises(client.exceptions.ClientError):
        client.list_queues(InstanceId="i")
    matches = http.get("faults").json
    assert matches["faults"] == [
        {"plan": "connect_mock.fail('ListQueues', 503, times=3)", "left": 0, "fired": 3},
        {"plan": "connect_mock.reject_contacts('INTERNAL_ERROR', times=None)", "left": None, "fired": 0},
    ]
    assert matches["rates"] == ["connect_mock.limit_rate('ListQueues', per_second=2, burst=4)"]


@pytest.mark.parametrize("name", RECORDS)
def test_an_unknown_criterion_is_refused_as_in_python(
    http: HttpClient, connect_mock: ConnectMock, name: str
) -> None:
    sentence = sentence_of(lambda: getattr(connect_mock, name).where(colour="red"))
    assert refused(http.get(f"{name}?colour=red")) == sentence


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("contacts?limit=0", "The query's limit takes a whole number from 1 to 10,000, not '0'."),
        ("contacts?limit=10001", "The query's limit takes a whole number from 1 to 10,000, not '10001'."),
        ("contacts?after=-1", "The query's after takes a whole number from 0 on, not '-1'."),
        ("contacts?after=%C2%B2", "The query's after takes a whole number from 0 on, not '²'."),
        ("calls?attempt=1&attempt=2", "The query has 'attempt' twice; give it once."),
        ("now?zone=UTC", "The query has 'zone', but this path takes no parameters."),
        ("changes?since=1", "The query has 'since', but this path takes only after."),
        ("events/stream?colour=red", "An event has no criterion 'colour'. The criteria are eventType"),
    ],
)
def test_a_query_that_cannot_be_is_refused(http: HttpClient, path: str, sentence: str) -> None:
    assert refused(http.get(path)).startswith(sentence)


def test_unknown_paths_and_methods_list_the_known_ones(http: HttpClient) -> None:
    message = refused(http.get("contcts"), 404)
    assert message.startswith("/_mock/ has no path '/contcts'. Did you mean /contacts")
    assert "/queues/{id}/add_agents" in message
    answer = http.ask("DELETE", "contacts")
    assert refused(answer, 405) == "'/contacts' takes GET or HEAD, not DELETE."
    assert answer.headers["allow"] == "GET, HEAD"
    assert refused(http.get("zzzzzzzz"), 404).startswith("/_mock/ has no path '/zzzzzzzz'. The paths are")


def test_unusual_characters_are_read_over_http(http: HttpClient, put: Put, an_item: AnItem) -> None:
    put(an_item(Attributes={"half": "\ud83d", "lead": "\u2028</script>\x00"}))
    attributes = http.get("contacts").json["contacts"][0]["attributes"]
    assert attributes == {"half": "\ud83d", "lead": "\u2028</script>\x00"}


def test_a_value_that_is_nested_without_end_is_refused(http: HttpClient) -> None:
    lists: Any = []
    for _ in range(700):
        lists = [lists]
    body = {"reason": "INTERNAL_ERROR", "when": {"Attributes": lists}}
    assert refused(http.post("reject_contacts", body)) == "The lists and tables are nested too deep."


# Seeding

CENTER = {
    "instances": [
        {
            "alias": "sales",
            "queues": [{"name": "Outbound", "agents": 2}],
            "campaigns": [{"name": "Spring", "queue": "Outbound", "state": "Running"}],
        }
    ]
}


def test_a_state_is_seeded(http: HttpClient, connect_mock: ConnectMock) -> None:
    answer = http.post("seed", CENTER)
    assert (answer.status, answer.json) == (200, {"result": None})
    (instance,) = connect_mock.instances
    assert (instance.alias, len(instance.queues[0].agents)) == ("sales", 2)
    assert instance.campaigns[0].state == "Running"


def test_the_state_is_read_as_it_is_seeded(http: HttpClient, connect_mock: ConnectMock) -> None:
    connect_mock.add_instance("sales").add_queue("Renewals").add_agents(1)
    read = http.get("state").json
    connect_mock.reset()

    assert http.post("seed", read).status == 200
    assert http.get("state").json == read
    (instance,) = connect_mock.instances
    assert [agent.queues[0].name for agent in instance.agents] == ["Renewals"]


def test_an_invalid_state_is_refused_with_key_and_line(http: HttpClient, connect_mock: ConnectMock) -> None:
    wrong = {"instances": [{"alias": "sales", "queues": [{"name": "Outbound"}, {"nmae": "Other"}]}]}
    answer = http.ask("POST", "seed", json.dumps(wrong, indent=1).encode())
    assert answer.json["error"] == "StateError"
    assert (answer.json["line"], answer.json["key"]) == (10, "instances[0].queues[1].nmae")
    assert refused(answer) == (
        "request, line 10, instances[0].queues[1].nmae: A queue has no key 'nmae'; did you mean 'name'? "
        "The keys are name, id, enabled, agents, description, max_contacts, outbound_caller, tags."
    )
    assert connect_mock.instances == [], "nothing is seeded unless all is"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "request, line 1: This is not JSON"),
        (b"\xff", "The body of the request is not UTF-8."),
        (b"[]", "request: This takes a table, not []."),
        (b'{"instances": 1, "instances": 2}', "request, line 1, instances: This key is repeated"),
        (b"[" * 100_000, "request: The lists and tables are nested too deep."),
    ],
)
@pytest.mark.parametrize("path", ["seed", "advance", "reject_contacts"])
def test_a_body_that_is_not_an_object_is_refused(
    http: HttpClient, path: str, body: bytes, sentence: str
) -> None:
    assert refused(http.ask("POST", path, body)).startswith(sentence)


def test_resources_are_added(http: HttpClient, connect_mock: ConnectMock) -> None:
    instance = http.post("add_instance", {"alias": "sales", "region": "eu-west-2"}).json["result"]
    assert instance == {"id": connect_mock.instances[0].id, "alias": "sales"}
    at = f"instances/{instance['id']}"
    queue = http.post(f"{at}/add_queue", {"name": "Outbound", "enabled": False}).json["result"]
    assert (queue["name"], queue["enabled"], queue["agents"]) == ("Outbound", False, [])
    campaign = http.post(f"{at}/add-campaign", {"queue": queue["id"], "mode": "predictive"}).json["result"]
    assert campaign["queue"] == {"id": queue["id"], "name": "Outbound"}
    number = http.post(f"{at}/add_phone_number", {"number": "+15555550199"}).json["result"]
    assert number["number"] == "+15555550199"
    profile = {"number": "+15555550100", "attributes": {"lead": "1"}}
    assert http.post(f"{at}/add_profile", profile).json["result"]["attributes"] == {"lead": "1"}
    http.post(f"queues/{queue['id']}/enable")
    agents = http.post(f"queues/{queue['id']}/add_agents", {"count": 2}).json["result"]
    assert [agent["username"] for agent in agents] == ["agent-1", "agent-2"]
    late = {"username": "anna", "queues": ["Outbound"], "status": "Offline"}
    assert http.post(f"{at}/add_agent", late).json["result"]["activity"] == "OFFLINE"
    http.post(f"agents/{agents[0]['id']}/set_status", {"name": "Lunch"})
    assert [agent["status"] for agent in http.get("agents").json["agents"]] == [
        "Lunch",
        "Available",
        "Offline",
    ]
    assert http.get("queues").json["queues"][0]["enabled"] is True
    http.post(f"queues/{queue['id']}/disable")
    assert connect_mock.instances[0].queues[0].enabled is False
    http.post(f"queues/{queue['id']}/delete")
    assert http.get("queues").json["queues"] == []


def test_a_campaign_changes_its_state(http: HttpClient, connect_campaign: Campaign) -> None:
    at = f"campaigns/{connect_campaign.id}"
    for verb, state in [
        ("start", "Running"),
        ("pause", "Paused"),
        ("resume", "Running"),
        ("stop", "Stopped"),
    ]:
        assert http.post(f"{at}/{verb}").status == 200
        assert http.get("campaigns").json["campaigns"][0]["state"] == state
    assert refused(http.post(f"{at}/pause")) == sentence_of(connect_campaign.pause)
    http.post(f"{at}/delete")
    assert http.get("campaigns").json["campaigns"] == []


def test_an_unknown_id_is_not_found(http: HttpClient, connect_queue: Queue) -> None:
    message = refused(http.post("queues/gone/enable"), 404)
    assert message == f"No queue has the id 'gone'. The ids are {connect_queue.id}."
    http.post("reset")
    message = refused(http.post("campaigns/gone/start"), 404)
    assert message == "No campaign has the id 'gone'. The mock has no campaigns: seed one first."


def test_a_campaign_dials_for_a_queue_of_its_instance(http: HttpClient, connect_instance: Instance) -> None:
    path = f"instances/{connect_instance.id}/add_campaign"
    message = refused(http.post(path, {"queue": "gone"}))
    assert "has no queue with the id or name 'gone'" in message
    assert http.post(path, {"queue": None}).status == 200
    assert "queue: " in refused(http.post(path, {"queue": 7}))
    connect_instance.add_queue("Outbound")
    assert http.post(path, {"queue": "Outbound"}).json["result"]["queue"]["name"] == "Outbound"


Name, Switch = str, bool


def add(name: Name, *, alias: Name | None = None, enabled: Switch = True) -> tuple[Any, ...]:
    return name, alias, enabled


def test_a_type_counts_however_its_annotation_is_written() -> None:
    assert call_method(add, b'{"name": "sales", "alias": null, "enabled": false}') == ("sales", None, False)
    for body, key in (
        (b'{"name": 7}', "name"),
        (b'{"name": "sales", "alias": 7}', "alias"),
        (b'{"name": "sales", "enabled": 0}', "enabled"),
    ):
        with pytest.raises(StateError, match=f"line 1, {key}: "):
            call_method(add, body)


# Faults and time


@pytest.mark.connect_mock(strict=False)
@pytest.mark.parametrize(
    ("method", "keywords"),
    [
        ("fail", {"operation": "BatchPutContact", "error": "LimitExceededException", "times": 2}),
        ("fail", {"operation": "StartCampaign", "error": "InvalidCampaignStateException", "state": "Failed"}),
        ("fail", {"operation": "BatchPutContact", "error": 503, "message": None, "times": None}),
        ("lose_response", {"operation": "BatchPutContact"}),
        ("delay", {"operation": "BatchPutContact", "seconds": 2.5, "times": None}),
        ("refuse_connection", {"operation": "BatchPutContact", "times": 3}),
        ("reset_connection", {"operation": "BatchPutContact"}),
        ("reject_contacts", {"reason": "INTERNAL_ERROR", "when": {"RequestIdentifier": "7"}, "times": 1}),
        ("reject_requests", {"code": "RequestThrottled", "when": {"phoneNumber": "7"}, "times": 1}),
        ("limit_rate", {"operation": "BatchPutContact", "per_second": 2.5, "burst": 3}),
    ],
)
def test_faults_are_planned_as_in_python(method: str, keywords: dict[str, Any]) -> None:
    mock, other = ConnectMock(), ConnectMock()
    getattr(mock, method)(**keywords)
    assert HttpClient(other).post(method, keywords).json == {"result": None}
    assert HttpClient(other).get("faults").json == HttpClient(mock).get("faults").json
    assert HttpClient(mock).get("faults").json != {"faults": [], "rates": []}


@pytest.mark.parametrize(
    ("method", "keywords"),
    [
        ("fail", {"operation": "BatchPutContacts", "error": "LimitExceededException"}),
        ("fail", {"operation": "BatchPutContact", "error": "Nothing"}),
        ("fail", {"operation": "BatchPutContact", "error": ["Nothing"]}),
        ("fail", {"operation": "BatchPutContact", "error": 200}),
        ("fail", {"operation": "BatchPutContact", "error": 503, "state": "x"}),
        ("lose_response", {"operation": "BatchPutContact", "times": "many"}),
        ("delay", {"operation": "BatchPutContact", "seconds": "long"}),
        ("wait_for_contact", {"timeout": "long"}),
        ("wait_for_contact", {"timeout": -1}),
        ("wait_for_contact", {"timeout": 0, "colour": "red"}),
        ("wait_for_call", {"operation": "Nothing"}),
        ("wait_for_call", {"operation": "StopContact", "times": 0}),
        ("lose_response", {"operation": "BatchPutContact", "times": True}),
        ("reject_contacts", {"reason": "NO_REASON"}),
        ("reject_contacts", {"reason": "INTERNAL_ERROR", "when": "all"}),
        ("reject_contacts", {"reason": "INTERNAL_ERROR", "when": {"Colour": "red"}}),
        ("reject_requests", {"code": "REQUEST_THROTTLED"}),
        ("limit_rate", {"operation": "BatchPutContact", "per_second": {}, "burst": 1}),
        ("advance", {"seconds": -1}),
        ("advance", {"seconds": "long"}),
        ("advance", {"seconds": [1]}),
        ("advance", {"seconds": 1e300}),
        ("add_instance", {"alias": "sales", "id": "me"}),
        ("assert_contact_created", {"colour": "red"}),
        ("assert_event", {"eventTyp": "QUEUED"}),
        ("delivery", {"duplicates": 2}),
        ("delivery", {"delay": [30, 0]}),
        ("assert_called", {"operation": "Nothing"}),
    ],
)
def test_invalid_input_is_refused_as_in_python(
    http: HttpClient, connect_mock: ConnectMock, method: str, keywords: dict[str, Any]
) -> None:
    sentence = sentence_of(lambda: getattr(connect_mock, method)(**keywords))
    assert refused(http.post(method, keywords)) == sentence


@pytest.mark.parametrize(
    ("method", "body", "sentence"),
    [
        ("lose_response", {"operation": 5}, "request, line 1, operation: This takes a string, not 5."),
        ("add_instance", {"alias": []}, "request, line 1, alias: This takes a string, not []."),
        (
            "fail",
            {"operation": "BatchPutContact"},
            "request: A call of fail needs the key 'error', which is missing",
        ),
        ("advance", {}, "request: A call of advance needs the key 'seconds', which is missing here."),
        (
            "lose_response",
            {"operation": "BatchPutContact", "time": 1},
            "request, line 1, time: A call of lose_response has no key 'time'; did you mean 'times'? "
            "The keys are operation, times.",
        ),
        ("reset", {"all": True}, "request, line 1, all: A call of reset has no key 'all'. It takes none."),
    ],
)
def test_a_key_that_is_wrong_is_named(
    http: HttpClient, method: str, body: dict[str, Any], sentence: str
) -> None:
    assert refused(http.post(method, body)).startswith(sentence)


def test_time_is_advanced(http: HttpClient, connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.instances[0].queues[0].add_agents(1)
    put(an_item())
    http.post("advance", {"seconds": 10})
    (contact,) = http.get("contacts").json["contacts"]
    assert contact["state"] == "CONNECTED_TO_AGENT"
    assert contact["agent"]["username"] == "agent-1"
    (agent,) = http.get("agents").json["agents"]
    assert agent["activity"] == "ON_CALL"
    assert http.get(f"contacts?agent={contact['agent']['id']}").json["count"] == 1
    http.post("reset")
    assert connect_mock.instances == []


# Outcomes of contacts


@pytest.mark.parametrize(
    ("policy", "reasons"),
    [
        ("busy", ["TELECOM_BUSY", "TELECOM_BUSY"]),
        ({"kind": "no_answer", "ring": 3}, ["TELECOM_UNANSWERED", "TELECOM_UNANSWERED"]),
        (
            ["invalid_number", {"kind": "answered", "talk": 1}],
            ["TELECOM_NUMBER_INVALID", "CUSTOMER_DISCONNECT"],
        ),
        ({"kind": "failed", "reason": "TELECOM_PROBLEM"}, ["TELECOM_PROBLEM", "TELECOM_PROBLEM"]),
        (
            {
                "mix": [
                    {"kind": "busy", "weight": 1},
                    {"kind": "failed", "reason": "BARGED", "talk": 1, "weight": 0},
                ],
                "seed": 1,
            },
            ["TELECOM_BUSY", "TELECOM_BUSY"],
        ),
    ],
)
def test_on_dial_is_set_by_http(
    http: HttpClient, connect_queue: Queue, put: Put, an_item: AnItem, policy: Any, reasons: list[str]
) -> None:
    assert http.post("on_dial", {"policy": policy}).json == {"result": None}
    connect_queue.add_agents(1)
    put(an_item(), an_item(CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550101"}))
    http.post("advance", {"seconds": 600})
    assert [contact["disconnect_reason"] for contact in http.get("contacts").json["contacts"]] == reasons


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("gone", "request, line 1, policy: An outcome is one of answered, voicemail, no_answer, busy,"),
        (5, "request, line 1, policy: An outcome is one of answered"),
        ({"ring": 5}, "request, line 1, policy: An outcome is one of answered"),
        (["busy", {"kind": ["busy"]}], "request, line 1, policy[1]: An outcome is one of answered"),
        (
            {"kind": "busy", "rng": 5},
            "request, line 1, policy.rng: A busy has no key 'rng'; did you mean 'ring'?",
        ),
        ("failed", "request, line 1, policy: A failed outcome needs the key 'reason'"),
        ({"mix": {}}, "request, line 1, policy.mix: This takes a list of outcomes, each with a 'weight'"),
        ({"mix": ["busy"]}, "request, line 1, policy.mix[0]: A busy in a mix needs the key 'weight'"),
        ({"mix": [], "sed": 1}, "request, line 1, policy.sed: A mix has no key 'sed'; did you mean 'seed'?"),
    ],
)
def test_an_invalid_outcome_is_refused(http: HttpClient, policy: Any, sentence: str) -> None:
    assert refused(http.post("on_dial", {"policy": policy})).startswith(sentence)


def test_a_time_of_an_outcome_is_refused_as_in_python(http: HttpClient) -> None:
    answer = http.post("on_dial", {"policy": {"kind": "busy", "ring": "long"}})
    assert refused(answer) == sentence_of(lambda: outcomes.busy(ring="long"))  # type: ignore[arg-type]


def test_retryable_endings_are_read_by_http(
    http: HttpClient, connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.voicemail())
    for _ in range(2):
        put(an_item())
        connect_mock.advance(60)
    assert http.post("assert_no_double_dials", {"retry_after": None}).status == 409
    assert http.post("assert_no_double_dials", {"retry_after": ["TELECOM_BUSY"]}).status == 409
    for ending in ("VOICEMAIL_BEEP", "voicemail", {"kind": "voicemail", "talk": 1}):
        assert http.post("assert_no_double_dials", {"retry_after": [ending]}).status == 200
    assert refused(http.post("assert_no_double_dials", {"retry_after": "voicemail"})).startswith(
        "request, line 1, retry_after: This takes a list of endings"
    )


@pytest.mark.connect_mock(strict=False)
def test_a_broken_policy_is_reported(
    http: HttpClient, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    def policy(contact: Any) -> Any:
        raise KeyError("nobody knows")

    connect_mock.instances[0].queues[0].add_agents(1)
    put(an_item())
    http.get("contacts")
    connect_mock.on_dial(policy)
    put_later = an_item(CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550101"})
    put(put_later)
    answer = http.post("advance", {"seconds": 3600})
    assert answer.json["error"] == "PlanError"
    assert "nobody knows" in refused(answer, 500)
    assert http.get("contacts").status == 200
    broken = http.get("changes").json["overview"]["broken_plans"]
    assert "nobody knows" in broken[0]


def test_delivery_takes_what_it_takes_in_python(
    http: HttpClient, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    heard: list[str] = []
    connect_mock.on_event(lambda event: heard.append(event["detail"]["eventType"]))
    plan = {"duplicates": 1, "delay": [5, 5], "shuffle": True, "seed": 3}
    assert http.post("delivery", plan).json == {"result": None}
    put(an_item())
    http.post("advance", {"seconds": 3})
    assert heard == []
    http.post("advance", {"seconds": 3})
    assert heard == ["INITIATED", "INITIATED"]
    assert http.post("delivery", {"delay": None}).status == 200


@pytest.mark.parametrize("wanted", PREVIEW_DISCARDED)
def test_a_query_takes_either_spelling_of_a_discarded_preview(
    http: HttpClient, connect_mock: ConnectMock, connect_instance: Instance, put_for: Any, wanted: str
) -> None:
    connect_instance.queues[0].add_agents(1)
    connect_mock.on_dial(outcomes.preview_discarded())
    (contact_id,) = put_for(connect_instance.add_campaign(queue=connect_instance.queues[0], mode="preview"))
    http.post("advance", {"seconds": 60})
    assert http.get(f"contacts?disconnect_reason={wanted}").json["contacts"][0]["id"] == contact_id
    assert http.get(f"contact_records?DisconnectReason={wanted}").json["count"] == 1
    assert http.get(f"events?disconnectReason={wanted}&eventType=DISCONNECTED").json["count"] == 1
    assert http.post("assert_event", {"disconnectReason": wanted}).status == 200


# Assertions


@pytest.mark.usefixtures("three")
def test_assertions_return_their_message(http: HttpClient, connect_mock: ConnectMock) -> None:
    matches = http.post("assert_contact_created", {"attributes": {"lead": "2"}}).json["result"]
    assert matches["request_identifier"] == "7"
    assert (
        http.post("assert_contact_created", {"customer_endpoint": {"address": "+15555550102"}}).status == 200
    )
    assert http.post("assert_contact_created", {"created_at": matches["created_at"]}).status == 200
    assert http.post("assert_contact_count", {"n": 3, "state": "INITIATED"}).json == {"result": None}
    assert http.post("assert_called", {"operation": "BatchPutContact", "times": 1}).status == 200
    assert http.post("assert_no_double_dials").status == 200
    answer = http.post("assert_contact_count", {"n": 2, "state": "INITIATED"})
    assert refused(answer, 409) == sentence_of(
        lambda: connect_mock.assert_contact_count(2, state="INITIATED")
    )
    answer = http.post("assert_no_contacts", {"attributes": {"lead": "2"}})
    assert refused(answer, 409).startswith("1 contact with attributes={'lead': '2'}")
    event = http.post("assert_event", {"eventType": "INITIATED", "contactId": matches["id"]}).json["result"]
    assert event == connect_mock.events[1]
    answer = http.post("assert_event", {"eventType": "QUEUED"})
    assert refused(answer, 409) == sentence_of(lambda: connect_mock.assert_event(eventType="QUEUED"))
    assert "BatchPutContact" in http.post("describe_calls", {"limit": 1}).json["result"]
    contact = connect_mock.contacts[0]
    described = http.post("describe_contact", {"contact": contact.id}).json["result"]
    assert described == connect_mock.describe_contact(contact)
    answer = http.post("describe_contact", {"contact": "lead-7"})
    assert refused(answer, 400) == sentence_of(lambda: connect_mock.describe_contact("lead-7"))


def test_the_environment_is_that_of_the_server(http: HttpClient, connect_mock: ConnectMock) -> None:
    with connect_mock.serve() as server:
        wanted = server.environment
    host = server.url.removeprefix("http://")
    answer = http.ask("GET", "environment", headers={"host": host}).json
    assert answer["environment"] == wanted
    assert answer["exports"] == [f"export {name}={value}" for name, value in wanted.items()]
    assert refused(http.get("environment?now=1"), 400).startswith("The query has 'now'")


def test_a_fault_can_be_planned_with_each_choice(http: HttpClient, connect_mock: ConnectMock) -> None:
    choices = http.get("fault_choices").json
    for operation, errors in choices["operations"].items():
        for error in {*errors, *choices["common_errors"]}:
            connect_mock.fail(operation, error)
    for reason in choices["reasons"]:
        connect_mock.reject_contacts(reason)
    for code in choices["codes"]:
        connect_mock.reject_requests(code)
    connect_mock.reset()


@pytest.mark.usefixtures("three")
def test_audits_of_phone_calls_return_their_message(
    http: HttpClient, connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    connect_queue.add_agents(3)
    assert connect_mock.contacts[0].dialed_at is not None
    hours: dict[str, Any] = {"hours": {"MONDAY": []}, "time_zone": "Europe/Berlin"}
    answer = http.post("assert_no_calls_outside_hours", hours | {"campaign": connect_campaign.id})
    assert refused(answer, 409) == sentence_of(
        lambda: connect_mock.assert_no_calls_outside_hours({}, time_zone="Europe/Berlin")
    )
    everything = {"hours": ["00:00", "24:00"], "time_zone": "Europe/Berlin"}
    assert http.post("assert_no_calls_outside_hours", everything).json == {"result": None}
    assert "no day 'Monday'" in refused(
        http.post("assert_no_calls_outside_hours", {"hours": {"Monday": []}, "time_zone": "UTC"})
    )
    assert http.post("assert_no_customer_called_too_often", {"limit": 1, "days": 1}).status == 200
    answer = http.post("assert_no_customer_called_too_often")
    assert refused(answer, 409) == sentence_of(connect_mock.assert_no_customer_called_too_often)
    assert "days= needs limit=" in refused(http.post("assert_no_customer_called_too_often", {"days": 1}))


@pytest.mark.usefixtures("three")
def test_a_package_that_the_server_lacks_is_named(
    http: HttpClient, connect_mock: ConnectMock, connect_queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_queue.add_agents(1)
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    hours: dict[str, Any] = {"hours": ["00:00", "24:00"], "time_zone": "AREA_CODE"}
    answer = http.post("assert_no_calls_outside_hours", hours)
    assert "needs phonenumbers, which is not installed" in refused(answer, 501)
    assert answer.json["error"] == "ImportError"


def test_what_a_contact_waits_for_is_current(
    http: HttpClient, connect_campaign: Campaign, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_campaign.pause()
    put(an_item())
    (contact,) = http.get("contacts").json["contacts"]
    assert contact["waiting_for"] == "campaign 'Campaign 1' is paused"
    query = "contacts?waiting_for=campaign%20%27Campaign%201%27%20is%20paused"
    assert [entry["id"] for entry in http.get(query).json["contacts"]] == [contact["id"]]
    connect_campaign.resume()
    assert http.get(f"contacts?id={contact['id']}").json["contacts"][0]["waiting_for"] is None
    assert http.get(query).json["contacts"] == []


@pytest.mark.usefixtures("three")
def test_a_wait_returns_what_it_waited_for(http: HttpClient, connect_mock: ConnectMock) -> None:
    matches = http.post("wait_for_contact", {"attributes": {"lead": "2"}}).json["result"]
    assert matches["request_identifier"] == "7"
    call = http.post("wait-for-call", {"operation": "BatchPutContact", "times": 1}).json["result"]
    assert call["operation"] == "BatchPutContact"
    answer = http.post("wait_for_contact", {"timeout": 0, "request_identifier": "8"})
    assert refused(answer, 409) == sentence_of(
        lambda: connect_mock.wait_for_contact(0, request_identifier="8")
    )
    answer = http.post("wait_for_call", {"operation": "StopContact", "timeout": 0})
    assert refused(answer, 409) == sentence_of(lambda: connect_mock.wait_for_call("StopContact", timeout=0))


# There and back again


def test_a_snapshot_is_restored(http: HttpClient, connect_mock: ConnectMock) -> None:
    http.post("seed", CENTER)
    name = http.post("snapshot").json["result"]
    http.post("add_instance")
    http.post("restore", {"snapshot": name})
    assert [instance.alias for instance in connect_mock.instances] == ["sales"]


def test_the_last_snapshots_are_kept(http: HttpClient) -> None:
    message = refused(http.post("restore", {"snapshot": "snapshot-1"}))
    assert message.endswith("the server keeps the last 10. POST /_mock/snapshot makes one.")
    names = [http.post("snapshot").json["result"] for _ in range(MAX_SNAPSHOTS + 1)]
    message = refused(http.post("restore", {"snapshot": names[0]}))
    assert message.endswith(f"The names are {', '.join(names[1:])}.")
    assert http.post("restore", {"snapshot": names[1]}).status == 200
    assert refused(http.post("restore", {"snapshot": 1})).endswith("This takes a string, not 1.")


# Changes


@pytest.mark.usefixtures("three")
def test_a_change_feed_has_only_later_changes(http: HttpClient, connect_queue: Queue) -> None:
    begin = http.get("changes").json
    assert begin["resync"] is True
    assert begin["counts"] == {"contacts": 3, "calls": 1, "failed_requests": 1, "events": 3}
    assert begin["overview"]["instances"][0]["queues"][0]["agents"] == {}
    nothing = http.get(f"changes?after={begin['cursor']}").json
    assert nothing["cursor"] == begin["cursor"]
    assert (nothing["contacts"], nothing["calls"], nothing["overview"]) == ([], [], None)
    connect_queue.add_agents(1)
    change = http.get(f"changes?after={begin['cursor']}").json
    assert [(contact["number"], contact["dialed_at"] is not None) for contact in change["contacts"]] == [
        (1, True)
    ]
    assert change["overview"]["instances"][0]["queues"][0]["agents"] == {"ON_CALL": 1}
    assert change["resync"] is False
    assert http.get(f"changes?after={change['cursor']}").json["contacts"] == []


@pytest.mark.usefixtures("three")
def test_calls_and_failed_requests_are_among_the_changes(http: HttpClient, put: Put, an_item: AnItem) -> None:
    begin = http.get("changes").json
    put({"RequestIdentifier": "lead-5"}, an_item())
    change = http.get(f"changes?after={begin['cursor']}").json
    assert [call["operation"] for call in change["calls"]] == ["BatchPutContact"]
    assert [item["request_identifier"] for item in change["failed_requests"]] == ["lead-5"]
    assert [contact["number"] for contact in change["contacts"]] == [4]


@pytest.mark.parametrize("cursor", ["", "x", "a-b-c-d-e", "0-1-2-3-4", "--", "1-2-3-99999999999999999999-5"])
def test_an_invalid_cursor_starts_over(http: HttpClient, cursor: str) -> None:
    assert http.get(f"changes?after={cursor}").json["resync"] is True


def test_a_reset_and_a_restore_begin_anew(http: HttpClient) -> None:
    begin = http.get("changes").json
    name = http.post("snapshot").json["result"]
    assert http.get(f"changes?after={begin['cursor']}").json["resync"] is False
    http.post("restore", {"snapshot": name})
    restored = http.get(f"changes?after={begin['cursor']}").json
    assert restored["resync"] is True
    http.post("reset")
    assert http.get(f"changes?after={restored['cursor']}").json["resync"] is True


def test_each_contact_is_in_one_part_of_many_changes(
    http: HttpClient, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    cursor = http.get("changes").json["cursor"]
    for batch in range(0, 1100, 25):
        numbers = (f"+1555{5550100 + number:07}" for number in range(batch, batch + 25))
        put(
            *(an_item(CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": number}) for number in numbers)
        )
    seen: list[int] = []
    more = True
    while more:
        change = http.get(f"changes?after={cursor}").json
        seen += [contact["number"] for contact in change["contacts"]]
        cursor, more = change["cursor"], change["more"]
    assert seen == list(range(1, 1101))


# Streams


def test_changes_are_streamed_as_they_happen(http: HttpClient, put: Put, an_item: AnItem) -> None:
    begin = http.get("changes").json["cursor"]

    def meanwhile(matches: list[dict[str, str]]) -> None:
        if not meanwhile.done:  # type: ignore[attr-defined]
            meanwhile.done = True  # type: ignore[attr-defined]
            put(an_item())

    meanwhile.done = False  # type: ignore[attr-defined]
    (message,) = http.follow(f"changes/stream?after={begin}", 1, meanwhile=meanwhile)
    look = json.loads(message["data"])
    assert message["id"] == look["cursor"]
    assert [contact["customer_address"] for contact in look["contacts"]] == ["+15555550100"]
    assert look["calls"][0]["operation"] == "BatchPutContact"
    (again,) = http.follow("changes/stream", 1, after="other")
    assert json.loads(again["data"])["resync"] is True


@pytest.mark.usefixtures("three")
def test_events_are_streamed_from_where_a_reader_was(http: HttpClient, connect_mock: ConnectMock) -> None:
    messages = http.follow("events/stream", 3)
    assert [json.loads(message["data"]) for message in messages] == list(connect_mock.events)
    (third,) = http.follow("events/stream", 1, after=messages[1]["id"])
    assert third == messages[2]
    contact = connect_mock.contacts[1].id
    (second,) = http.follow(f"events/stream?contactId={contact}", 1)
    assert second == messages[1]


@pytest.mark.usefixtures("three")
def test_a_reader_is_notified_of_a_reset(http: HttpClient) -> None:
    last = http.follow("events/stream", 3)[-1]["id"]
    http.post("reset")
    (reported,) = http.follow("events/stream", 1, after=last)
    assert (reported["event"], reported["data"]) == ("reset", "{}")
    (reported,) = http.follow(f"events/stream?after={last}", 1)
    assert reported["event"] == "reset"


def test_a_stream_ends_when_the_server_stops(http: HttpClient) -> None:
    http.is_stopping = lambda: True
    answer = http.get("events/stream")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.body == b"retry: 1000\n\n"


def test_head_of_a_stream_returns_immediately(http: HttpClient) -> None:
    answer = http.ask("HEAD", "changes/stream")
    assert (answer.status, answer.body) == (200, b"")


def test_a_silent_stream_sends_keep_alives(http: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connect_batchmock.server.control.streams.MAX_SILENT_POLLS", 0)
    http.is_stopping = iter([False, False, True]).__next__
    assert http.get("events/stream").body == b"retry: 1000\n\n" + b": heartbeat\n\n" * 2


def test_a_stream_says_nothing_while_nothing_happens(http: HttpClient) -> None:
    http.is_stopping = iter([False, False, True]).__next__
    assert http.get("events/stream").body == b"retry: 1000\n\n"


@pytest.mark.parametrize("stop", [freeze_time, partial(time_machine.travel, tick=False)])
def test_a_stream_goes_on_while_the_clock_stands_still(
    http: HttpClient, put: Put, an_item: AnItem, stop: Callable[..., Any]
) -> None:
    http.is_stopping = iter([False, False, False, True]).__next__
    with stop(datetime(2026, 1, 5, tzinfo=timezone.utc)):
        http.post("advance", {"seconds": 5})
        put(an_item())
        (message,) = http.follow("events/stream?eventType=INITIATED", 1)
        assert http.get("events/stream?eventType=COMPLETED").body == b"retry: 1000\n\n"
    assert json.loads(message["data"])["time"] == "2026-01-05T00:00:05Z"


def test_a_backlog_is_streamed_in_parts(http: HttpClient, connect_mock: ConnectMock) -> None:
    begin = http.get("changes").json["cursor"]
    client = connect_mock.client()
    instance = connect_mock.add_instance()
    for _ in range(1001):
        client.list_queues(InstanceId=instance.id)
    messages = [json.loads(message["data"]) for message in http.follow(f"changes/stream?after={begin}", 3)]
    assert [len(message["calls"]) for message in messages] == [500, 500, 1]
    assert [message["more"] for message in messages] == [True, True, False]


def test_the_number_of_open_streams_is_limited(http: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connect_batchmock.server.control.streams.MAX_STREAMS", 1)
    for _ in range(3):
        assert len(http.follow("changes/stream", 1)) == 1
    monkeypatch.setattr("connect_batchmock.server.control.streams.MAX_STREAMS", 0)
    message = refused(http.get("changes/stream"), 503)
    assert message.startswith("0 streams are open, the limit of the server")


def test_a_reader_who_goes_makes_room_for_others(
    connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connect_batchmock.server.control.streams.MAX_STREAMS", 1)
    with connect_mock.serve() as server:
        address = urlsplit(server.url)

        def status() -> int:
            connection = HTTPConnection(str(address.hostname), address.port, timeout=20)
            connection.request("GET", "/_mock/changes/stream")
            answered = connection.getresponse()
            if answered.status == 200:
                assert answered.readline() == b"retry: 1000\n"
                readers.append(connection)
            else:
                connection.close()
            return answered.status

        readers: list[HTTPConnection] = []
        assert [status(), status()] == [200, 503]
        readers[0].close()
        deadline = time.monotonic() + 20
        while (matches := status()) != 200:
            assert time.monotonic() < deadline, matches
        assert len(readers) == 2
        readers[1].close()


# The page


def test_the_page_loads_only_its_own_files(http: HttpClient) -> None:
    answer = http.get("")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = answer.body.decode()
    assert not re.search(r"<style|<script(?![^>]* src=)|\s(style|on\w+)=", page)
    loaded = re.findall(r'(?:src|href)="([\w.]+)"', page)
    assert len(loaded) >= 7
    for name in loaded:
        answer = http.get(name)
        assert answer.status == 200
        kinds = {"css": "text/css", "js": "text/javascript"}
        assert answer.headers["content-type"] == f"{kinds[name.rpartition('.')[2]]}; charset=utf-8"


def test_the_page_knows_no_other_place_and_writes_no_markup(http: HttpClient) -> None:
    for name in ("page", "server", "elements", "contacts", "calls", "panels"):
        script = http.get(f"{name}.js").body.decode()
        assert not re.search(
            r"https?://|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script
        )


# Completeness


@pytest.mark.parametrize("method", [*METHODS, *WAITS])
def test_every_method_of_a_mock_is_there(method: str) -> None:
    assert callable(getattr(ConnectMock, method))


def test_every_method_without_a_callable_has_a_path() -> None:
    public = {
        name
        for name in vars(ConnectMock)
        if not name.startswith("_") and callable(getattr(ConnectMock, name))
    }
    for_functions_and_clients = {"attach", "client", "fake", "handle", "on_contact_record", "on_event"}
    for_the_process = {
        *("note_answered_elsewhere", "note_refused_connection", "recorded_since"),
        *("serve", "stop_serving"),
    }
    for_tasks = {"async_wait_for_call", "async_wait_for_contact"}
    for_files = {"save"}  # a path of the server's machine is no business of its clients, who read the state
    others = public - for_functions_and_clients - for_the_process - for_tasks - for_files
    assert others == {*METHODS, *WAITS, "now", "restore", "snapshot", "state"}


@pytest.mark.parametrize(
    ("kind", "named"), [("instances", Instance), ("queues", Queue), ("campaigns", Campaign)]
)
def test_every_method_of_a_handle_has_a_path(kind: str, named: type) -> None:
    public = {name for name in vars(named) if not name.startswith("_") and callable(getattr(named, name))}
    assert public == set(METHODS_OF[kind])
