"""Contacts: what a batch creates, each a value that is replaced, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connect_batchmock.domain.campaign import Campaign
    from connect_batchmock.domain.instance import Instance
    from connect_batchmock.domain.queue import Queue


@dataclass(frozen=True)
class Endpoint:
    """One end of a contact.

    Args:
        type: a value of the model's ``EndpointType``, such as ``TELEPHONE_NUMBER``.
        address: a number in E.164 form, or an ARN where the type says so.

    Follows the ``Endpoint`` shape of the Amazon Connect model.
    """

    type: str
    address: str


@dataclass(frozen=True)
class Contact:
    """An outbound contact as the backend knows it."""

    id: str
    arn: str
    instance: Instance
    campaign: Campaign
    queue: Queue | None
    customer_endpoint: Endpoint
    system_endpoint: Endpoint | None
    attributes: Mapping[str, str]
    request_identifier: str | None
    outbound_strategy: Mapping[str, Any] | None
    created_at: datetime
    state: str = "INITIATED"
