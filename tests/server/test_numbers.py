"""Numbers and times in a body: those that are accepted can be dialed with, and the others are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from botocore.model import Shape
from factories import GOOD, Seeded, item_for, seed
from hostile_requests import places
from signed_requests import Wire, signed

from connect_batchmock import ConnectMock
from connect_batchmock.engine.snapshot import Snapshot
from connect_batchmock.protocol.http import Request, Response
from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.protocol.validation import violations

NO_JSON = ["NaN", "Infinity", "-Infinity"]
NUMBERS = [
    *("1e999", "-1e999", "1e308", "5e-324", "-1", "0", "-0.0", "0.1", "1.5", "2147483648", "-2147483649"),
    *(str(2**63), str(2**400), "true", "false", '"1"', "253402300799", "253402300800", "-62135596801"),
]
TIMES = [
    *(
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ),
    *("9999-12-31T23:59:59.999999Z", "2026-03-01T12:00:00", "2026-03-01T12:00:00.123456789+05:45"),
]
DIALER = {"progressiveDialerConfig": {"bandwidthAllocation": 0.5, "dialingCapacity": 0.5}}
PREVIEW = {"Type": "AGENT_FIRST", "Config": {"AgentFirst": {"Preview": {
    "PostAcceptTimeoutConfig": {"DurationInSeconds": 30}, "AllowedUserActions": ["CALL"]}}}}  # fmt: skip


def with_numbers(mock: ConnectMock, seeded: Seeded, at_first: Snapshot) -> Iterator[Wire]:
    """Return good requests that have numbers and times in their bodies."""
    contact = GOOD["connect", "BatchPutContact"](seeded)["ContactDataRequestList"][0]
    more = {
        ("connectcampaigns", "UpdateCampaignDialerConfig"): {"dialerConfig": DIALER},
        ("connect", "BatchPutContact"): {
            "ContactDataRequestList": [{**contact, "OutboundStrategy": PREVIEW}]
        },
        ("connect", "StartOutboundVoiceContact"): {"RingTimeoutInSeconds": 30, "OutboundStrategy": PREVIEW},
    }
    for (service, operation), make in sorted(GOOD.items()):
        if operation in service_model(service).operation_names:
            # Some pause or stop a campaign to be good.
            mock.restore(at_first)
            wire = signed(service, operation, {**make(seeded), **more.get((service, operation), {})})
            if any(is_measured(container[key]) for container, key in places(json.loads(wire.body or b"{}"))):
                yield wire


def is_measured(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number or (isinstance(value, str) and value[:2] == "20" and "T" in value)


class Dialing:
    """A mock that gets requests and dials."""

    def __init__(self) -> None:
        self.mock = ConnectMock()
        self.clients = {service: self.mock.client(service) for service in SERVICES}
        self.seeded = seed(self.mock, self.clients)
        self.at_first: Snapshot = self.mock.snapshot()
        self.requests = list(with_numbers(self.mock, self.seeded, self.at_first))

    def answer(self, wire: Wire, body: str) -> Response:
        self.mock.restore(self.at_first)
        headers = {name.lower(): value for name, value in wire.headers}
        response = self.mock.handle(
            Request(wire.method, f"http://127.0.0.1{wire.target}", headers, body.encode())
        )
        assert response is not None
        return response

    def dial_on(self) -> None:
        """Put a contact for every campaign, dial until every call has ended, and read the records."""
        instance, queue = self.seeded.instance, self.seeded.queue
        for campaign in instance.campaigns:
            with suppress(ValueError):
                campaign.start()
            item = item_for(queue, campaign, "+15555550142")
            self.clients["connect"].batch_put_contact(
                InstanceId=instance.id, ContactDataRequestList=[item, item]
            )
            for service in ("connectcampaigns", "connectcampaignsv2"):
                with suppress(self.clients[service].exceptions.ResourceNotFoundException):
                    self.clients[service].describe_campaign(id=campaign.id)
        self.mock.advance(40)
        self.mock.advance(100_000)
        assert list(self.mock.contacts)
        assert list(self.mock.events)


@pytest.fixture(scope="module")
def dialing() -> Dialing:
    return Dialing()


def changed(wire: Wire, literals: Any) -> Iterator[str]:
    """Return the body with each literal in place of each number and time."""
    document = json.loads(wire.body)
    for container, key in places(document):
        before = container[key]
        if is_measured(before):
            container[key] = "here"
            text = json.dumps(document)
            container[key] = before
            yield from (text.replace('"here"', literal) for literal in literals)


def test_requests_of_all_kinds_are_tried(dialing: Dialing) -> None:
    assert len(dialing.requests) >= 10


def test_numbers_outside_of_json_are_refused(dialing: Dialing) -> None:
    for wire in dialing.requests:
        for body in changed(wire, NO_JSON):
            response = dialing.answer(wire, body)
            assert (response.status, b"is not JSON" in response.body) == (400, True), body


def test_whatever_is_accepted_can_be_dialed(dialing: Dialing) -> None:
    accepted = 0
    for wire in dialing.requests:
        for body in changed(wire, [*NUMBERS, *map(json.dumps, TIMES)]):
            response = dialing.answer(wire, body)
            assert response.status < 500, body
            if response.status < 300:
                accepted += 1
                dialing.dial_on()
    assert accepted > 20


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("integer", 2**31 - 1, None),
        ("integer", 2**31, "2147483648 is more than 2147483647"),
        ("integer", -(2**31) - 1, "-2147483649 is less than -2147483648"),
        ("long", 2**31, None),
        ("long", 2**63, "9223372036854775808 is more than 9223372036854775807"),
        ("float", 1e39, "is more than 3.4028234663852886e+38"),
        ("double", 1e39, None),
        ("double", 10**400, "is more than 1.7976931348623157e+308"),
        ("double", float("nan"), "nan is not a number"),
        ("float", float("-inf"), "-inf is not a number"),
    ],
)
def test_a_number_fits_into_its_type(type_name: str, value: Any, expected: str | None) -> None:
    broken = violations(Shape("Number", {"type": type_name}), value)
    assert len(broken) == (expected is not None)
    assert all(str(expected) in sentence for sentence in broken)


@pytest.mark.parametrize("text", ["1_0", "\uff11\uff10", "NaN", "+5", " 5", "1e2", "9" * 30, "0x1f"])
def test_a_number_in_a_query_is_written_in_digits(dialing: Dialing, text: str) -> None:
    wire = signed("connect", "ListQueues", {"InstanceId": dialing.seeded.instance.id})
    response = dialing.answer(replace(wire, target=f"{wire.target}?maxResults={text}"), "")
    assert response.status == 400
