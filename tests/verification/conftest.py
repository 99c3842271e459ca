"""Fixtures for the tests of the verification: the clients that a scenario works with."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config

from connect_batchmock import ConnectMock
from connect_batchmock.verification.story import Clients


@pytest.fixture(scope="session")
def session_clients() -> Clients:
    """Return clients that leave the checks of parameters to the service; making them takes a while."""
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    config = Config(parameter_validation=False)
    services = ("connect", "connectcampaigns", "connectcampaignsv2")
    return Clients(*(session.client(service, config=config) for service in services))


@pytest.fixture
def clients(connect_mock: ConnectMock, session_clients: Clients) -> Clients:
    """Return the clients, for which the test's mock answers."""
    return session_clients
