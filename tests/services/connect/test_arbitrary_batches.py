"""Every item of an arbitrary batch comes back exactly once."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.validate import ParamValidator
from factories import Item
from hypothesis import given
from hypothesis import strategies as st

from connect_batchmock import ConnectMock, Instance

MISSING = object()


class Backend:
    """A mock with its client, that each example begins anew: the ids are the same every time."""

    def __init__(self) -> None:
        self.mock = ConnectMock()
        self.client = self.mock.client()

    def begin(self) -> tuple[Instance, str, str]:
        self.mock.reset()
        instance = self.mock.add_instance()
        return instance, instance.add_queue().id, instance.add_campaign().id


@pytest.fixture(scope="module")
def backend() -> Backend:
    return Backend()


# "queue" and "campaign" stand for the seeded ones, whose ids are filled in later.
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "CustomerEndpoint": st.fixed_dictionaries(
            {"Type": st.sampled_from(["TELEPHONE_NUMBER", "TELEPHONE_NUMBER", "VOIP"])},
            optional={"Address": st.sampled_from(["+15555550100", "+15555550101", "5555550100"])},
        ),
        "SystemEndpoint": st.fixed_dictionaries(
            {"Type": st.just("TELEPHONE_NUMBER"), "Address": st.sampled_from(["+15555550199", ""])}
        ),
        "QueueId": st.sampled_from(["queue", "queue", "unknown"]),
        "Campaign": st.sampled_from([{"CampaignId": "campaign"}, {"CampaignId": "campaign"}, {}]),
        "RequestIdentifier": st.sampled_from(["", "row-1", "row-2", "row-3", "row-4"]),
        "Attributes": st.dictionaries(
            st.sampled_from(["plan", "a-b", "a.b"]), st.text(max_size=5), max_size=2
        ),
    },
)
VALID_ITEMS = st.fixed_dictionaries(
    {
        "CustomerEndpoint": st.just({"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"}),
        "QueueId": st.just("queue"),
        "Campaign": st.just({"CampaignId": "campaign"}),
    },
    optional={"RequestIdentifier": st.sampled_from(["row-1", "row-2", "row-3"])},
)


def with_ids(item: Item, queue: str, campaign: str) -> Item:
    named = dict(item)
    if named.get("QueueId") == "queue":
        named["QueueId"] = queue
    if named.get("Campaign"):
        named["Campaign"] = {"CampaignId": campaign}
    return named


def is_subsequence(part: list[Any], whole: list[Any]) -> bool:
    rest = iter(whole)
    return all(item in rest for item in part)


@given(st.lists(st.one_of(VALID_ITEMS, ITEMS), min_size=1, max_size=25))
def test_every_item_comes_back_exactly_once_and_in_order(backend: Backend, drawn: list[Item]) -> None:
    instance, queue, campaign = backend.begin()
    items = [with_ids(item, queue, campaign) for item in drawn]

    answer = backend.client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)

    created, failed = answer["SuccessfulRequestList"], answer["FailedRequestList"]
    sent = [item.get("RequestIdentifier", MISSING) for item in items]
    back = [[entry.get("RequestIdentifier", MISSING) for entry in entries] for entries in (created, failed)]
    assert sorted(map(str, sent)) == sorted(map(str, back[0] + back[1]))
    assert all(is_subsequence(item, sent) for item in back)

    # The records of the mock distinguish items without an identifier.
    assert [request.reason for request in backend.mock.failed_requests] == [
        failure["FailureReasonCode"] for failure in failed
    ]
    assert is_subsequence([request.item for request in backend.mock.failed_requests], items)


@given(st.lists(st.one_of(VALID_ITEMS, ITEMS), min_size=1, max_size=25))
def test_a_contact_is_created_for_every_item_but_repeated_ones(backend: Backend, drawn: list[Item]) -> None:
    instance, queue, campaign = backend.begin()
    items = [with_ids(item, queue, campaign) for item in drawn]

    created = backend.client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)[
        "SuccessfulRequestList"
    ]

    ids = list(dict.fromkeys(contact["ContactId"] for contact in created))
    assert [contact.id for contact in backend.mock.contacts] == ids
    named = [contact["RequestIdentifier"] for contact in created if contact.get("RequestIdentifier")]
    assert len(ids) == len(created) - (len(named) - len(set(named)))


@given(st.lists(st.one_of(VALID_ITEMS, ITEMS), min_size=1, max_size=25))
def test_the_answer_is_one_that_the_model_allows(backend: Backend, drawn: list[Item]) -> None:
    instance, queue, campaign = backend.begin()
    items = [with_ids(item, queue, campaign) for item in drawn]

    answer = backend.client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)

    model = backend.client.meta.service_model
    del answer["ResponseMetadata"]
    report = ParamValidator().validate(answer, model.operation_model("BatchPutContact").output_shape)
    assert not report.has_errors(), report.generate_report()
    assert set(answer) == {"SuccessfulRequestList", "FailedRequestList"}
    reasons = {failed["FailureReasonCode"] for failed in answer["FailedRequestList"]}
    assert reasons <= set(model.shape_for("FailureReasonCode").enum)
