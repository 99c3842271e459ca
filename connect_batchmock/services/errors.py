"""Which of AWS's errors a fact becomes, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from connect_batchmock._text import with_article
from connect_batchmock.domain.errors import (
    CampaignStateError,
    ContactEndedError,
    ContactNotFoundError,
    DomainError,
    IdempotencyConflictError,
    NameConflictError,
    NotFoundError,
    NotOnboardedError,
    QuotaExceededError,
    ResourceInUseError,
)
from connect_batchmock.protocol.errors import VIOLATED, ServiceError, first_modeled

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from connect_batchmock.domain.instance import Instance, RegionOfInstance
    from connect_batchmock.domain.region import Region


class InvalidRequestError(DomainError):
    """A request that keeps to the model and cannot be carried out all the same; the sentence says why."""


class ConflictError(DomainError):
    """A request that does not go with the state of what it is about; the sentence says why."""


class InvalidFlowError(DomainError):
    """The content of a contact flow is none; the sentence says why."""


class FlowNotPublishedError(DomainError):
    """A contact flow has no published content; the sentence says what it has."""


class NotPermittedError(DomainError):
    """A call that the instance may not place; the sentence says why."""


_CODES: Mapping[type[DomainError], tuple[str, ...]] = {
    ContactNotFoundError: ("ContactNotFoundException", "ResourceNotFoundException", *VIOLATED),
    NotFoundError: ("ResourceNotFoundException", *VIOLATED),
    NotOnboardedError: ("ResourceNotFoundException", *VIOLATED),
    NameConflictError: ("DuplicateResourceException", "ConflictException", *VIOLATED),
    ResourceInUseError: ("ResourceInUseException", "InvalidStateException", "ConflictException", *VIOLATED),
    CampaignStateError: ("InvalidCampaignStateException", "ConflictException", *VIOLATED),
    ContactEndedError: ("ContactNotFoundException", *VIOLATED),
    QuotaExceededError: ("ServiceQuotaExceededException", "LimitExceededException", *VIOLATED),
    IdempotencyConflictError: ("IdempotencyException", "ConflictException", *VIOLATED),
    InvalidRequestError: VIOLATED,
    ConflictError: ("ConflictException", "InvalidStateException", "ResourceConflictException", *VIOLATED),
    InvalidFlowError: ("InvalidContactFlowException", *VIOLATED),
    FlowNotPublishedError: ("ContactFlowNotPublishedException", *VIOLATED),
    NotPermittedError: ("OutboundContactNotPermittedException", *VIOLATED),
}
"""The error that each fact is: the first of these that the operation models."""

_SENTENCES: Mapping[type[DomainError], Callable[[Any], str]] = {
    ContactNotFoundError: lambda fact: _not_found(fact.kind, fact.id),
    NotFoundError: lambda fact: _not_found(fact.kind, fact.id),
    NotOnboardedError: lambda fact: (
        f"The instance {fact.instance_id!r} is not onboarded to outbound campaigns; onboard it with "
        f"StartInstanceOnboardingJob first."
    ),
    NameConflictError: lambda fact: (
        f"The {fact.kind} name {fact.name!r} is taken already in this instance; choose another."
    ),
    ResourceInUseError: lambda fact: f"The {fact.kind} {fact.id!r} cannot go, because {fact.user} needs it.",
    CampaignStateError: lambda fact: wrong_campaign_state(fact.verb, fact.state, fact.possible),
    ContactEndedError: lambda fact: f"The contact {fact.contact_id!r} has ended already.",
    QuotaExceededError: lambda fact: f"There are {fact.quota} {fact.kind}s already, and no more are allowed.",
    IdempotencyConflictError: lambda fact: (
        f"ClientToken {fact.token!r} was already used for a request with other parameters."
    ),
    InvalidRequestError: str,
    ConflictError: str,
    InvalidFlowError: str,
    FlowNotPublishedError: str,
    NotPermittedError: str,
}


def error_for(fact: DomainError, operation: OperationModel, region: Region) -> ServiceError:
    """Return the error that an operation answers with when it ran into a fact in a region."""
    kind = next(kind for kind in _CODES if isinstance(fact, kind))
    code = first_modeled(_CODES[kind], operation)
    if isinstance(fact, NotFoundError):
        return ServiceError(code, _SENTENCES[kind](fact) + elsewhere(fact.kind, fact.id, region))
    if isinstance(fact, CampaignStateError) and code == "InvalidCampaignStateException":
        return ServiceError(code, _SENTENCES[kind](fact), state=fact.state)
    if isinstance(fact, InvalidFlowError):
        return ServiceError(code, _SENTENCES[kind](fact), problems=[{"message": str(fact)}])
    return ServiceError(code, _SENTENCES[kind](fact))


def elsewhere(kind: str, id: str, asked: RegionOfInstance, instance: Instance | None = None) -> str:
    """Return a hint to append to a message: where a resource is that a request looked for in vain.

    Args:
        kind: the kind of the resource, as in ``NotFoundError``.
        id: the id under which it was looked for.
        asked: the region that the request was for.
        instance: the instance that was looked in; None where the whole region was.

    Returns:
        The hint, with a space before it; empty where nothing in the backend has the id.
    """
    holder = asked.backend.holder_of(kind, id)
    if holder is None or holder is instance:
        return ""
    there = holder.region
    if there is asked:
        is_of_region = kind in ("instance", "campaign") and instance is None
        return "" if is_of_region else f" It belongs to the instance {holder.id!r}."
    remedy = (
        f"Make the client with region_name={there.name!r}."
        if there.name != asked.name
        else "An access key id of twelve digits names the account."
    )
    return (
        f" It is in {there.name} of account {there.account_id}; this request was for {asked.name} of account "
        f"{asked.account_id}. {remedy}"
    )


_TAKES_AN_ID = {"instance": "InstanceId", "queue": "QueueId", "contact flow": "ContactFlowId"}


def _not_found(kind: str, id: str) -> str:
    member = _TAKES_AN_ID.get(kind)
    hint = (
        f" {member} takes the id of {with_article(kind)}, not its ARN."
        if member and id.startswith("arn:")
        else ""
    )
    where = "in this account and region" if kind in ("instance", "campaign") else "here"
    return f"The {kind} {id!r} was not found {where}.{hint}"


def wrong_campaign_state(verb: str, state: str, possible: Sequence[str]) -> str:
    return f"A campaign that is {state} cannot be told to {verb}; one that is {' or '.join(possible)} can."
