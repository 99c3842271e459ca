"""Without stubs, clients are Any."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

from connect_batchmock import ConnectMock


def made_by_the_mock(connect_mock: ConnectMock) -> None:
    assert_type(connect_mock.client(), Any)
    assert_type(connect_mock.client("connect"), Any)
    assert_type(connect_mock.client("connectcampaigns"), Any)
    assert_type(connect_mock.client(service="connectcampaignsv2"), Any)
    client = connect_mock.client()
    answer = client.batch_put_contact(InstanceId="7", ContactDataRequestList=[])
    answer["SuccessfulRequestList"][0]["ContactId"].upper()


def made_elsewhere(connect_mock: ConnectMock, client: Any) -> None:
    assert_type(connect_mock.attach(client), Any)
