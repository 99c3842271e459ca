"""Other clients, in their own processes, play the story of a dial request against a served mock.

They put a batch of which one item fails, are throttled on the way, ask for an instance that is not there,
have a dial request carried out, let the time pass, and read how the calls ended. Nothing is mocked in them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import installed
import pytest
from factories import UNKNOWN, item_for
from older_models import returns_member
from programs import REQUIRED, missing, tool

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, outcomes

CLIENTS = Path(__file__).parent / "clients"
PATIENCE = 60
TOLD = {
    "error": ["ResourceNotFoundException", 404],
    "attempts": 2,
    "created": ["lead-1"],
    "failed": [["lead-2", "INVALID_QUEUE"]],
    "asked": ["lead-3"],
    "advanced": 200,
    "reason": "CUSTOMER_DISCONNECT",
}


@dataclass
class Story:
    """A served mock that is ready for the story of a dial request."""

    connect_mock: ConnectMock
    environment: dict[str, str]
    url: str
    instance: Instance
    facts: dict[str, Any]

    def tell(self, *command: str | Path, **environment: str) -> str:
        """Run a program that plays the story or a part of it, and return its output."""
        done = subprocess.run(
            list(map(str, command)),
            env=self.environment | {"STORY": json.dumps(self.facts)} | environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def was_told(self, reported: Mapping[str, Any], retried: bool) -> None:
        """Assert that the client read what the mock recorded."""
        contacts = self.connect_mock.contacts
        assert reported == TOLD | {"ended": sorted(contact.id for contact in contacts)}
        assert [contact.request_identifier for contact in contacts][:1] == ["lead-1"]
        assert {contact.state for contact in contacts} == {"COMPLETED"}
        assert len(contacts) == 2
        assert contacts[1].attributes == {"plan": "gold é"}
        assert self.connect_mock.failed_requests.one().request_identifier == "lead-2"
        calls = self.connect_mock.calls.where(operation="BatchPutContact", internal=False)
        assert [call.error for call in calls] == ["ThrottlingException", None]
        assert [call.attempt for call in calls] == ([1, 2] if retried else [1, 1])


@pytest.fixture
def story(undisturbed_story: Story) -> Story:
    """The story of a dial request, in which a client is throttled."""
    undisturbed_story.connect_mock.fail("BatchPutContact", "ThrottlingException")
    return undisturbed_story


@pytest.fixture
def undisturbed_story(
    connect_server: Any,
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
) -> Story:
    connect_queue.add_agents(1)
    connect_campaign.start()
    item = item_for(connect_queue, connect_campaign, RequestIdentifier="lead-1")
    now = connect_mock.now()
    times = [now - timedelta(days=1), now + timedelta(days=1)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    facts = {
        "url": connect_server.url,
        "unknown": UNKNOWN,
        "instance": connect_instance.id,
        "campaign": connect_campaign.id,
        "items": [item, item | {"RequestIdentifier": "lead-2", "QueueId": UNKNOWN}],
        "dial_request": {
            "clientToken": "lead-3",
            "phoneNumber": "+15555550101",
            "expirationTime": (now + timedelta(minutes=10)).isoformat(),
            "attributes": {"plan": "gold é"},
        },
        "seconds": 300,
        "time_range": [time.isoformat() for time in times],
        "time_range_in_seconds": [time.timestamp() for time in times],
    }
    return Story(
        connect_mock,
        {**inherited, **connect_server.environment},
        connect_server.url,
        connect_instance,
        facts,
    )


def test_a_missing_program_skips_or_fails_a_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        tool("no-such-program", "NO_SUCH_VARIABLE")

    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match=f"is not installed, and {REQUIRED} is set"):
        tool("no-such-program", "NO_SUCH_VARIABLE")

    monkeypatch.setenv("NO_SUCH_VARIABLE", "/opt/program")
    assert tool("no-such-program", "NO_SUCH_VARIABLE") == "/opt/program"


needs_disconnect_reason = pytest.mark.skipif(
    not returns_member("Contact", "DisconnectReason"),
    reason="the models of the installed botocore have no DisconnectReason of DescribeContact",
)


def tell_by_node(story: Story, script: str) -> Any:
    """Run a script of node with the AWS SDK, and return the JSON that it prints."""
    node, packages = tool("node"), os.environ.get("CONNECT_BATCHMOCK_NODE_PACKAGES")
    if packages is None:
        missing("CONNECT_BATCHMOCK_NODE_PACKAGES does not say where npm has installed the AWS SDK")
    return json.loads(story.tell(node, CLIENTS / script, NODE_PACKAGES=str(packages)))


@needs_disconnect_reason
def test_the_aws_sdk_for_javascript(story: Story) -> None:
    story.was_told(tell_by_node(story, "story.mjs"), retried=True)


@needs_disconnect_reason
def test_a_daily_round_by_the_sdk_for_javascript(undisturbed_story: Story, connect_queue: Queue) -> None:
    story, queue = undisturbed_story, connect_queue
    campaign = story.instance.add_campaign(queue=queue)
    queue.agents[0].set_status("Offline")
    support = story.instance.add_queue("Support")
    anna, ben = (
        story.instance.add_agent(
            username, queues=[queue, support], first_name=username.title(), last_name="Jones"
        )
        for username in ("anna", "ben")
    )
    client = story.connect_mock.client()
    lunch = client.create_agent_status(InstanceId=story.instance.id, Name="Lunch", State="ENABLED")
    story.connect_mock.on_dial(outcomes.answered(ring=5, talk=40))
    story.facts |= {
        "campaign": campaign.id,
        "campaign_arn": campaign.arn,
        "instance_arn": story.instance.arn,
        "queue": queue.id,
        "anna": anna.id,
        "lunch": lunch["AgentStatusId"],
        "leads": [{"name": f"lead-{last}", "number": f"+1555555010{last}"} for last in range(3)],
        "expires": story.facts["dial_request"]["expirationTime"],
    }

    assert tell_by_node(story, "daily_round.mjs") == {
        "state": "Initialized",
        "puts": [2, 1],
        "lines": {
            "lead-0": ["CUSTOMER_DISCONNECT", "Anna Jones"],
            "lead-1": ["CUSTOMER_DISCONNECT", "Ben Jones"],
            "lead-2": ["CUSTOMER_DISCONNECT", "Ben Jones"],
        },
        "abandoned": 0,
    }
    assert (anna.status, ben.status, campaign.state) == ("Lunch", "Available", "Stopped")
    assert (len(anna.contacts), len(ben.contacts)) == (1, 2)


def test_aiobotocore(story: Story) -> None:
    installed.aiobotocore()
    reported = story.tell(sys.executable, CLIENTS / "story_of_aiobotocore.py")
    story.was_told(json.loads(reported), retried=True)


def test_requests(story: Story) -> None:
    reported = story.tell(sys.executable, CLIENTS / "story_of_requests.py")
    story.was_told(json.loads(reported), retried=False)


def test_curl(story: Story) -> None:
    curl, facts = tool("curl"), story.facts

    def ask(method: str, service: str, path: str, body: Any = None) -> tuple[int, Any]:
        signing = ["--user", "AKIA:secret", "--aws-sigv4", f"aws:amz:us-east-1:{service}"]
        sent = [] if body is None else ["--json", json.dumps(body)]
        answer = story.tell(
            *(curl, "--silent", "--show-error", "--write-out", r"\n%{http_code}"),
            *(*signing, "--request", method, *sent, f"{story.url}{path}"),
        )
        content, _, status = answer.rpartition("\n")
        return int(status), json.loads(content)

    batch_path = f"/contact/batch/{facts['instance']}"
    refused, _ = ask("GET", "connect", f"/instance/{UNKNOWN}")
    throttled, reported = ask("PUT", "connect", batch_path, {"ContactDataRequestList": facts["items"]})
    assert (refused, throttled, list(reported)) == (404, 429, ["Message"])
    _, batch = ask("PUT", "connect", batch_path, {"ContactDataRequestList": facts["items"]})
    _, asked = ask(
        *("PUT", "connect-campaigns", f"/campaigns/{facts['campaign']}/dial-requests"),
        {"dialRequests": [facts["dial_request"]]},
    )
    advanced, _ = ask("POST", "connect", "/_mock/advance", {"seconds": facts["seconds"]})
    ended = [
        ask("GET", "connect", f"/contacts/{facts['instance']}/{contact.id}")[1]["Contact"]
        for contact in story.connect_mock.contacts
    ]
    reported = {
        "error": ["ResourceNotFoundException", refused],
        "attempts": 2,
        "created": [created["RequestIdentifier"] for created in batch["SuccessfulRequestList"]],
        "failed": [
            [failed["RequestIdentifier"], failed["FailureReasonCode"]]
            for failed in batch["FailedRequestList"]
        ],
        "asked": [request["clientToken"] for request in asked["successfulRequests"]],
        "advanced": advanced,
        "ended": sorted(one["Id"] for one in ended if "DisconnectTimestamp" in one),
        "reason": ended[0]["DisconnectReason"],
    }
    story.was_told(reported, retried=False)


def test_the_aws_cli(story: Story) -> None:
    aws, facts = tool("aws", "CONNECT_BATCHMOCK_AWS"), story.facts
    instance = ("--instance-id", facts["instance"])
    refused = subprocess.run(
        [aws, "connect", "describe-instance", "--instance-id", UNKNOWN],
        env=story.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert refused.returncode in (254, 255), "of version 2 and version 1"
    assert "(ResourceNotFoundException) when calling the DescribeInstance operation" in refused.stderr
    put = story.tell(
        *(aws, "connect", "batch-put-contact", *instance, "--contact-data-request-list"),
        json.dumps(facts["items"]),
    )
    asked = story.tell(
        *(aws, "connectcampaigns", "put-dial-request-batch", "--id", facts["campaign"], "--dial-requests"),
        json.dumps([facts["dial_request"]]),
    )
    story.connect_mock.advance(facts["seconds"])
    found = story.tell(
        *(aws, "connect", "search-contacts", *instance, "--time-range"),
        "Type=INITIATION_TIMESTAMP,StartTime={},EndTime={}".format(*facts["time_range"]),
    )
    batch, first = json.loads(put), json.loads(put)["SuccessfulRequestList"][0]["ContactId"]
    described = story.tell(aws, "connect", "describe-contact", *instance, "--contact-id", first)
    reported = TOLD | {
        "created": [created["RequestIdentifier"] for created in batch["SuccessfulRequestList"]],
        "failed": [
            [failed["RequestIdentifier"], failed["FailureReasonCode"]]
            for failed in batch["FailedRequestList"]
        ],
        "asked": [request["clientToken"] for request in json.loads(asked)["successfulRequests"]],
        "ended": sorted(
            contact["Id"] for contact in json.loads(found)["Contacts"] if "DisconnectTimestamp" in contact
        ),
        "reason": json.loads(described)["Contact"]["DisconnectReason"],
    }
    story.was_told(reported, retried=True)
