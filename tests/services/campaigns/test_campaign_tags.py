"""The tags of campaigns, in both versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from campaigns_model import VERSIONS, assert_all_modeled, refusal
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock


@pytest.fixture(params=VERSIONS)
def client(request: pytest.FixtureRequest, make_client: Callable[..., Any]) -> Any:
    """A client of either version."""
    return make_client(request.param)


@pytest.fixture(autouse=True)
def _all_is_modeled(connect_mock: ConnectMock) -> Iterator[None]:
    yield
    assert_all_modeled(connect_mock)


def test_tags_are_added_changed_and_taken_away(client: Any, connect_campaign: Campaign) -> None:
    arn = connect_campaign.arn
    assert client.list_tags_for_resource(arn=arn)["tags"] == {}

    client.tag_resource(arn=arn, tags={"owner": "sales", "season": "spring"})
    client.tag_resource(arn=arn, tags={"owner": "service"})

    assert client.list_tags_for_resource(arn=arn)["tags"] == {"owner": "service", "season": "spring"}
    assert client.describe_campaign(id=arn)["campaign"]["tags"] == {"owner": "service", "season": "spring"}

    client.untag_resource(arn=arn, tagKeys=["owner", "nothing"])

    assert client.list_tags_for_resource(arn=arn)["tags"] == {"season": "spring"}


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("tag_resource", {"tags": {"owner": "sales"}}),
        ("untag_resource", {"tagKeys": ["owner"]}),
        ("list_tags_for_resource", {}),
    ],
)
def test_an_unknown_campaign_has_no_tags(client: Any, operation: str, more: dict[str, Any]) -> None:
    arn = f"arn:aws:connect-campaigns:us-east-1:123456789012:campaign/{UNKNOWN}"

    assert refusal(lambda: getattr(client, operation)(arn=arn, **more)) == (
        "ResourceNotFoundException",
        404,
        f"The campaign '{UNKNOWN}' was not found in this account and region.",
    )
