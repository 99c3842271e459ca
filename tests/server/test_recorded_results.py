"""Every result of a batch that the model allows can be reported, audited, searched, shown and served.

The results come from ``fake``, which takes all that the model allows: it requires no list, and no member of
an item.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore import xform_name
from http_client import HttpClient
from hypothesis import given, settings
from hypothesis import strategies as st

from connect_batchmock import ConnectMock
from connect_batchmock.strategies.shapes import Known, instances, known_instances

BATCHES = [
    ("connect", "BatchPutContact"),
    ("connectcampaigns", "PutDialRequestBatch"),
    ("connectcampaigns", "GetCampaignStateBatch"),
    ("connectcampaignsv2", "PutOutboundRequestBatch"),
    ("connectcampaignsv2", "PutProfileOutboundRequestBatch"),
    ("connectcampaignsv2", "GetCampaignStateBatch"),
]

Read = Callable[[ConnectMock], Any]


def message_of(assertion: Read) -> Read:
    """Return a reader of the message of an assertion that does not hold."""

    def read(mock: ConnectMock) -> str:
        with pytest.raises(AssertionError) as caught:
            assertion(mock)
        return str(caught.value)

    return read


def changes_of_the_page(mock: ConnectMock) -> Any:
    page = HttpClient(mock)
    history = page.get("changes").json["cursor"].partition("-")[0]
    return page.get(f"changes?after={history}-0-0-0-x").json["calls"]


READERS: dict[str, Read] = {
    "the story": lambda mock: mock.describe_calls(),
    "a short story": lambda mock: mock.describe_calls(1),
    "the lines": lambda mock: mock.calls.lines(),
    "a search": lambda mock: mock.calls.where(result={"failedRequests": []}, error=None),
    "the nearest call": message_of(lambda mock: mock.calls.one(region="eu-west-2")),
    "the nearest result": message_of(lambda mock: mock.calls.one(result={"FailedRequestList": [{"a": 1}]})),
    "the count of calls": message_of(lambda mock: mock.assert_called("BatchPutContact", times=99)),
    "why no contact": message_of(lambda mock: mock.assert_contact_created(customer_address="+15555550199")),
    "unresolved failures": lambda mock: mock.assert_no_unresolved_failures(),
    "double dials": lambda mock: mock.assert_no_double_dials(),
    "the page": changes_of_the_page,
    "the calls over HTTP": lambda mock: HttpClient(mock).get("calls?error=null").json["calls"],
}


class Backend:
    """A mock with a client of each service, that each example begins anew."""

    def __init__(self) -> None:
        self.mock = ConnectMock()
        self.clients = {service: self.mock.client(service) for service, _ in BATCHES}

    def model(self, service: str, operation: str) -> Any:
        return self.clients[service].meta.service_model.operation_model(operation)

    def answer(self, service: str, operation: str, parameters: Any, result: Any) -> None:
        """Call an operation whose fake returns a result."""
        self.mock.reset()
        self.mock.fake(operation, lambda mock, parameters: result, service=service)
        getattr(self.clients[service], xform_name(operation))(**parameters)
        assert self.mock.calls.one().result == result


@pytest.fixture(scope="module")
def backend() -> Backend:
    return Backend()


@pytest.mark.parametrize(("service", "operation"), BATCHES)
@settings(max_examples=30)
@given(data=st.data())
def test_every_reader_reads_what_the_model_allows(
    backend: Backend, service: str, operation: str, data: st.DataObject
) -> None:
    model = backend.model(service, operation)
    parameters = data.draw(known_instances(model.input_shape, Known()), "parameters")
    sparse, full = (
        known_instances(model.output_shape, Known()),
        instances(model.output_shape, with_patterns=True),
    )
    backend.answer(service, operation, parameters, data.draw(sparse | full, "result"))
    for read in READERS.values():
        read(backend.mock)


ITEM = {"InstanceId": "i", "ContactDataRequestList": [{}]}
REQUEST = {"clientToken": "t", "phoneNumber": "+15555550100", "expirationTime": 0, "attributes": {}}
DIALS = {"id": "c", "dialRequests": [REQUEST]}
CAMPAIGNS = {"campaignIds": ["c"]}


@pytest.mark.parametrize("read", [pytest.param(read, id=name) for name, read in READERS.items()])
@pytest.mark.parametrize(
    ("operation", "parameters", "result"),
    [
        ("BatchPutContact", ITEM, {}),
        ("BatchPutContact", ITEM, {"FailedRequestList": []}),
        ("BatchPutContact", ITEM, {"FailedRequestList": [{}]}),
        ("BatchPutContact", ITEM, {"SuccessfulRequestList": [{}]}),
        ("PutDialRequestBatch", DIALS, {"failedRequests": [{}, {"clientToken": "t"}]}),
        ("PutDialRequestBatch", DIALS, {"successfulRequests": [{}, {}]}),
        ("GetCampaignStateBatch", CAMPAIGNS, {"failedRequests": [{}]}),
    ],
)
def test_no_reader_needs_a_member_that_is_optional(
    backend: Backend, operation: str, parameters: Any, result: Any, read: Read
) -> None:
    service = "connect" if operation == "BatchPutContact" else "connectcampaigns"
    backend.answer(service, operation, parameters, result)
    read(backend.mock)


@pytest.mark.parametrize(
    ("operation", "result", "line"),
    [
        ("BatchPutContact", {}, "answered"),
        ("BatchPutContact", {"SuccessfulRequestList": [{}]}, "1 created, 0 failed"),
        ("BatchPutContact", {"FailedRequestList": [{}]}, "0 created, 1 failed (- no code)"),
        (
            "BatchPutContact",
            {"FailedRequestList": [{"RequestIdentifier": "7"}, {"FailureReasonCode": "INVALID_QUEUE"}]},
            "0 created, 2 failed (7 no code, - INVALID_QUEUE)",
        ),
    ],
)
def test_a_line_counts_created_and_failed_items(
    backend: Backend, operation: str, result: Any, line: str
) -> None:
    backend.answer("connect", operation, ITEM, result)
    assert backend.mock.calls.lines() == [f"BatchPutContact in us-east-1: {line}"]
    assert backend.mock.describe_calls().splitlines()[2].endswith(f": {line.partition(' (')[0]}")


def test_the_story_names_failed_items_without_a_code(backend: Backend) -> None:
    items = [{}, {"RequestIdentifier": "7"}, {"FailureReasonCode": "INVALID_QUEUE"}]
    backend.answer("connect", "BatchPutContact", ITEM, {"FailedRequestList": items})
    assert backend.mock.describe_calls().splitlines()[4:] == [
        "       an item without RequestIdentifier, 7: no code",
        "       an item without RequestIdentifier: INVALID_QUEUE",
    ]


def test_failed_campaigns_are_named_by_their_ids(backend: Backend) -> None:
    failed = {"campaignId": "c", "failureCode": "ResourceNotFound"}
    backend.answer("connectcampaigns", "GetCampaignStateBatch", CAMPAIGNS, {"failedRequests": [failed]})
    assert backend.mock.describe_calls().splitlines()[3] == "       c: ResourceNotFound"
    assert backend.mock.calls.lines()[0].endswith("0 succeeded, 1 failed (c ResourceNotFound)")


def test_a_report_carries_whatever_stands_in_an_identifier(backend: Backend) -> None:
    items = [{"RequestIdentifier": "half \ud800, escape \x1b[31m, break \n"}]
    backend.answer("connect", "BatchPutContact", ITEM, {"FailedRequestList": items})
    story, line = backend.mock.describe_calls(), backend.mock.calls.lines()[0]
    for text in (story, line):
        assert r"half \ud800, escape \x1b[31m, break" in text
        text.encode()
