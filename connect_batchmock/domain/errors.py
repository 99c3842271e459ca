"""What can be wrong, as facts: an operation decides which error of AWS's each one becomes."""

from __future__ import annotations


class ConnectBatchmockError(Exception):
    """The base of every exception of this package that a test can meet."""


class DomainError(Exception):
    """Something about the backend's state that an operation ran into."""


class NotFoundError(DomainError):
    """There is no such thing, where it was looked for.

    Args:
        kind: what was looked for, such as ``queue``.
        id: the id under which it was looked for.
    """

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(kind, id)
        self.kind = kind
        self.id = id


class InstanceNotFoundError(NotFoundError):
    """No instance with this id in this account and region."""

    def __init__(self, instance_id: str) -> None:
        super().__init__("instance", instance_id)


class QueueNotFoundError(NotFoundError):
    """No queue with this id in the instance."""

    def __init__(self, queue_id: str) -> None:
        super().__init__("queue", queue_id)


class CampaignNotFoundError(NotFoundError):
    """No campaign with this id."""

    def __init__(self, campaign_id: str) -> None:
        super().__init__("campaign", campaign_id)


class ContactNotFoundError(NotFoundError):
    """No contact with this id in the instance."""

    def __init__(self, contact_id: str) -> None:
        super().__init__("contact", contact_id)


class NotOnboardedError(DomainError):
    """The instance has not gone through the onboarding to outbound campaigns, or no longer."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(instance_id)
        self.instance_id = instance_id


class NameConflictError(DomainError):
    """The instance, or the region, has another of this kind with this name already."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind, name)
        self.kind = kind
        self.name = name


class IdConflictError(DomainError):
    """Something has the id already that somebody has chosen."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


class ResourceInUseError(DomainError):
    """It cannot go, because something else needs it."""

    def __init__(self, kind: str, id: str, user: str) -> None:
        super().__init__(kind, id, user)
        self.kind = kind
        self.id = id
        self.user = user


class CampaignStateError(DomainError):
    """A campaign cannot do this in the state that it is in, but in others."""

    def __init__(self, verb: str, state: str, possible: tuple[str, ...]) -> None:
        super().__init__(verb, state, possible)
        self.verb = verb
        self.state = state
        self.possible = possible


class ContactEndedError(DomainError):
    """The contact has ended, so nothing more can become of it."""

    def __init__(self, contact_id: str) -> None:
        super().__init__(contact_id)
        self.contact_id = contact_id


class QuotaExceededError(DomainError):
    """There are as many of a kind as there may be."""

    def __init__(self, kind: str, most: int) -> None:
        super().__init__(kind, most)
        self.kind = kind
        self.most = most


class IdempotencyConflictError(DomainError):
    """A ClientToken came back with other parameters than it was first used with."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token
