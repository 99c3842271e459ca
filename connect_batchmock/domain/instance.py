"""Connect instances and what belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.contact import Contact, Endpoint
from connect_batchmock.domain.facts import NoSuchCampaign, NoSuchQueue
from connect_batchmock.domain.phone_number import PhoneNumber
from connect_batchmock.domain.queue import Queue

if TYPE_CHECKING:
    from connect_batchmock.domain.world import Region


@dataclass(eq=False)
class Instance:
    """An instance with its queues, campaigns and claimed phone numbers, each by its id."""

    id: str
    arn: str
    alias: str
    region: Region
    queues: dict[str, Queue] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    phone_numbers: dict[str, PhoneNumber] = field(default_factory=dict)

    def queue(self, queue_id: str) -> Queue:
        """Return the queue with this id, or raise ``NoSuchQueue``."""
        try:
            return self.queues[queue_id]
        except KeyError:
            raise NoSuchQueue(queue_id) from None

    def campaign(self, campaign_id: str) -> Campaign:
        """Return the campaign with this id, or raise ``NoSuchCampaign``."""
        try:
            return self.campaigns[campaign_id]
        except KeyError:
            raise NoSuchCampaign(campaign_id) from None

    def add_queue(self, name: str | None, *, enabled: bool) -> Queue:
        """Add a queue; without a name it is numbered."""
        queue_id = self.region.identities.uuid()
        name = _free_name("Queue", self.queues.values()) if name is None else name
        queue = Queue(queue_id, f"{self.arn}/queue/{queue_id}", name, enabled)
        self.queues[queue_id] = queue
        return queue

    def add_campaign(self, name: str | None, *, queue: Queue | None) -> Campaign:
        """Add a campaign; without a name it is numbered."""
        campaign_id = self.region.identities.uuid()
        name = _free_name("Campaign", self.campaigns.values()) if name is None else name
        arn = self.region.arn("connect-campaigns", f"campaign/{campaign_id}")
        campaign = Campaign(campaign_id, arn, name, queue)
        self.campaigns[campaign_id] = campaign
        return campaign

    def claim_phone_number(self, number: str) -> PhoneNumber:
        """Claim a number in E.164 form to this instance."""
        number_id = self.region.identities.uuid()
        arn = self.region.arn("connect", f"phone-number/{number_id}")
        phone_number = PhoneNumber(number_id, arn, number)
        self.phone_numbers[number_id] = phone_number
        return phone_number

    def may_call_from(self, address: str) -> bool:
        """Whether a contact may come from this number or phone number ARN.

        An instance that has claimed no number has none to compare with, so any will do.
        """
        claimed = self.phone_numbers.values()
        return not claimed or any(address in (one.number, one.arn) for one in claimed)

    def create_contact(
        self,
        *,
        campaign: Campaign,
        queue: Queue | None,
        customer_endpoint: Endpoint,
        system_endpoint: Endpoint | None,
        attributes: Mapping[str, str],
        request_identifier: str | None,
        outbound_strategy: Mapping[str, Any] | None,
        created_at: datetime,
    ) -> Contact:
        """Create an outbound contact that waits to be dialled."""
        contact_id = self.region.identities.uuid()
        contact = Contact(
            id=contact_id,
            arn=f"{self.arn}/contact/{contact_id}",
            instance=self,
            campaign=campaign,
            queue=queue,
            customer_endpoint=customer_endpoint,
            system_endpoint=system_endpoint,
            attributes=attributes,
            request_identifier=request_identifier,
            outbound_strategy=outbound_strategy,
            created_at=created_at,
        )
        self.region.contacts[contact_id] = contact
        return contact


def _free_name(kind: str, present: Collection[Queue] | Collection[Campaign]) -> str:
    # A name that was given may look like a numbered one; names are unique, so its number is passed over.
    taken = {one.name for one in present}
    names = (f"{kind} {number}" for number in count(len(present) + 1))
    return next(name for name in names if name not in taken)
