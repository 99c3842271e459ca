"""A test that annotates its fixtures, and a conftest that overrides the settings."""

from __future__ import annotations

import pytest
from typing_extensions import assert_type

from connect_batchmock import Campaign, ConnectMock, ConnectMockSettings, Instance, Queue, Server


@pytest.fixture(scope="session")
def connect_mock_settings() -> ConnectMockSettings:
    return {"region": "eu-west-2", "caller": "campaigns"}


@pytest.mark.connect_mock(region="us-west-2")
def test_a_lead(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    connect_server: Server,
) -> None:
    assert_type(connect_server.environment, dict[str, str])
    assert_type(connect_mock.contacts.one(queue=connect_queue).instance, Instance)
    assert_type(connect_instance.id + connect_campaign.id, str)
