"""The AWS error of each domain error: its code and its message."""

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
    """A request matches the model, but the service cannot carry it out; the message says why."""


class ConflictError(DomainError):
    """A request conflicts with the state of its resource; the message says why."""


class InvalidFlowError(DomainError):
    """The content of a contact flow is invalid; the message says why."""


class FlowNotPublishedError(DomainError):
    """A contact flow has no published content."""


class NotPermittedError(DomainError):
    """The instance does not permit an outbound phone call; the message says why."""


_CODES: Mapping[type[DomainError], tuple[str, ...]] = {
    ContactNotFoundError: ("ContactNotFoundException", "ResourceNotFoundException", *VIOLATED),
    NotFoundError: ("ResourceNotFoundException", *VIOLATED),
    NotOnboardedError: ("ResourceNotFoundException", *VIOLATED),
    NameConflictError: ("DuplicateResourceException", "ConflictException", *VIOLATED),
    ResourceInUseError: ("ResourceInUseException", "InvalidStateException", "ConflictException", *VIOLATED),
    CampaignStateError: ("InvalidCampaignStateException", "ConflictException", *VIOLATED),
    ContactEndedError: ("ContactNotFoundException", *VIOLATED),
    QuotaExceededError: (
        "ServiceQuotaExceededException",
        "LimitExceededException",
        "ConflictException",
        *VIOLATED,
    ),
    IdempotencyConflictError: ("IdempotencyException", "ConflictException", *VIOLATED),
    InvalidRequestError: VIOLATED,
    ConflictError: ("ConflictException", "InvalidStateException", "ResourceConflictException", *VIOLATED),
    InvalidFlowError: ("InvalidContactFlowException", *VIOLATED),
    FlowNotPublishedError: ("ContactFlowNotPublishedException", *VIOLATED),
    NotPermittedError: ("OutboundContactNotPermittedException", *VIOLATED),
}
"""The codes of each domain error; an operation answers with the first code that it models."""

_MESSAGES: Mapping[type[DomainError], Callable[[Any], str]] = {
    ContactNotFoundError: lambda error: _not_found(error.kind, error.id),
    NotFoundError: lambda error: _not_found(error.kind, error.id),
    NotOnboardedError: lambda error: (
        f"The instance {error.instance_id!r} is not onboarded to outbound campaigns; onboard it with "
        f"StartInstanceOnboardingJob first."
    ),
    NameConflictError: lambda error: (
        f"The {error.kind} name {error.name!r} is already taken in this instance; choose another name."
    ),
    ResourceInUseError: lambda error: (
        f"The {error.kind} {error.id!r} is in use by {error.user}; change or delete {error.user} first."
    ),
    CampaignStateError: lambda error: wrong_campaign_state(error.verb, error.state, error.possible),
    ContactEndedError: lambda error: f"The contact {error.contact_id!r} has already ended.",
    QuotaExceededError: lambda error: (
        f"The quota of {error.quota} {error.resources} is reached; {error.remedy}."
    ),
    IdempotencyConflictError: lambda error: (
        f"ClientToken {error.token!r} was already used for a request with other parameters; use a new token."
    ),
    InvalidRequestError: str,
    ConflictError: str,
    InvalidFlowError: str,
    FlowNotPublishedError: str,
    NotPermittedError: str,
}


def error_for(error: DomainError, operation: OperationModel, region: Region) -> ServiceError:
    """Return the AWS error of an operation in a region for a domain error."""
    if isinstance(error, NotFoundError) and not error.id:
        return ServiceError(first_modeled(VIOLATED, operation), _empty_id(error.kind))
    kind = next(kind for kind in _CODES if isinstance(error, kind))
    code, message = first_modeled(_CODES[kind], operation), _MESSAGES[kind](error)
    if isinstance(error, NotFoundError):
        return ServiceError(code, message + location_hint(error.kind, error.id, region))
    if isinstance(error, CampaignStateError) and code == "InvalidCampaignStateException":
        return ServiceError(code, message, state=error.state)
    if isinstance(error, InvalidFlowError):
        return ServiceError(code, message, problems=[{"message": message}])
    return ServiceError(code, message)


def location_hint(kind: str, id: str, requested: RegionOfInstance, instance: Instance | None = None) -> str:
    """Return a sentence that says where a resource is that a request did not find.

    Args:
        kind: the kind of the resource, as in ``NotFoundError``.
        id: the requested id.
        requested: the region of the request.
        instance: the instance that was searched; None if the whole region was searched.

    Returns:
        The sentence, with a space before it; an empty string if no resource of the backend has the id.
    """
    holder = requested.backend.holder_of(kind, id)
    if holder is None or holder is instance:
        return ""
    actual = holder.region
    if actual is requested:
        is_of_region = kind in ("instance", "campaign") and instance is None
        return "" if is_of_region else f" It belongs to the instance {holder.id!r}."
    remedy = (
        f"Make the client with region_name={actual.name!r}."
        if actual.name != requested.name
        else "Make the client with an access key id that is the twelve digits of the account."
    )
    return (
        f" It is in {actual.name} of account {actual.account_id}; this request was for {requested.name} of "
        f"account {requested.account_id}. {remedy}"
    )


_ID_MEMBERS = {
    "instance": "InstanceId",
    "queue": "QueueId",
    "contact flow": "ContactFlowId",
    "user": "UserId",
    "agent status": "AgentStatusId",
    "routing profile": "RoutingProfileId",
}
_IN_INSTANCE = (
    "queue",
    "contact",
    "contact flow",
    "campaign flow",
    "hours of operation",
    "integration",
    "user",
    "user hierarchy group",
    "agent status",
    "routing profile",
)
"""The kinds that every operation looks for in one instance."""


def _not_found(kind: str, id: str) -> str:
    member = _ID_MEMBERS.get(kind)
    hint = (
        f" {member} takes the id of {with_article(kind)}, not its ARN."
        if member and id.startswith("arn:")
        else ""
    )
    if kind in _IN_INSTANCE:
        return f"The {kind} {id!r} was not found in this instance.{hint}"
    where = " in this account and region" if kind in ("instance", "campaign") else ""
    return f"The {kind} {id!r} was not found{where}.{hint}"


def _empty_id(kind: str) -> str:
    return f"An empty string identifies no {kind}; pass its id, or leave an optional member out."


def wrong_campaign_state(verb: str, state: str, possible: Sequence[str]) -> str:
    return f"A campaign that is {state} cannot {verb}; its state must be {' or '.join(possible)}."
