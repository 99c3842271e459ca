"""Errors of the domain. The services map each one to the error of AWS that an operation models."""

from __future__ import annotations


class ConnectBatchmockError(Exception):
    """The base of every exception of this package that reaches a test."""


class DomainError(Exception):
    """An operation is not possible in the state of the backend."""


class NotFoundError(DomainError):
    """A resource does not exist in the scope of the lookup.

    Args:
        kind: the kind of the resource, such as ``queue``.
        id: the id that was looked up.
    """

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(kind, id)
        self.kind = kind
        self.id = id


class InstanceNotFoundError(NotFoundError):
    """The account has no instance with this id in the region."""

    def __init__(self, instance_id: str) -> None:
        super().__init__("instance", instance_id)


class QueueNotFoundError(NotFoundError):
    """The instance has no queue with this id."""

    def __init__(self, queue_id: str) -> None:
        super().__init__("queue", queue_id)


class CampaignNotFoundError(NotFoundError):
    """The region has no campaign with this id."""

    def __init__(self, campaign_id: str) -> None:
        super().__init__("campaign", campaign_id)


class ContactNotFoundError(NotFoundError):
    """The instance has no contact with this id."""

    def __init__(self, contact_id: str) -> None:
        super().__init__("contact", contact_id)


class NotOnboardedError(DomainError):
    """The instance is not onboarded to outbound campaigns."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(instance_id)
        self.instance_id = instance_id


class NameConflictError(DomainError):
    """The instance or the region has another resource of this kind with this name."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind, name)
        self.kind = kind
        self.name = name


class IdConflictError(DomainError):
    """The id that was chosen for a resource is taken."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


class ResourceInUseError(DomainError):
    """A resource cannot be deleted, because another resource uses it."""

    def __init__(self, kind: str, id: str, user: str) -> None:
        super().__init__(kind, id, user)
        self.kind = kind
        self.id = id
        self.user = user


class CampaignStateError(DomainError):
    """An operation is not allowed in the state of a campaign."""

    def __init__(self, verb: str, state: str, possible: tuple[str, ...]) -> None:
        super().__init__(verb, state, possible)
        self.verb = verb
        self.state = state
        self.possible = possible


class ContactEndedError(DomainError):
    """The contact has ended already."""

    def __init__(self, contact_id: str) -> None:
        super().__init__(contact_id)
        self.contact_id = contact_id


class QuotaExceededError(DomainError):
    """A quota is used up.

    Args:
        resources: the plural of what the quota limits, such as ``queues``.
        quota: the maximum.
        remedy: what makes room for another, as an imperative clause.
    """

    def __init__(self, resources: str, quota: int, remedy: str = "remove one before you add another") -> None:
        super().__init__(resources, quota, remedy)
        self.resources = resources
        self.quota = quota
        self.remedy = remedy


class IdempotencyConflictError(DomainError):
    """A ClientToken was used before with other parameters."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token
