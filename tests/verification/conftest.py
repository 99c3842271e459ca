"""Fixtures for the tests of the verification: the clients that a scenario works with."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config

from connect_batchmock import ConnectMock
from connect_batchmock.verification.story import Clients


@pytest.fixture
def clients(connect_mock: ConnectMock) -> Clients:
    """Return clients that leave the checks of parameters to the service."""
    config = Config(parameter_validation=False)
    services = ("connect", "connectcampaigns", "connectcampaignsv2")
    return Clients(*(boto3.client(service, region_name="us-east-1", config=config) for service in services))
