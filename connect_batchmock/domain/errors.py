"""What can be wrong, as facts: an operation decides which error of AWS's each one becomes."""

from __future__ import annotations


class ConnectBatchmockError(Exception):
    """The base of every exception of this package that a test can meet."""


class Fact(Exception):
    """Something about the backend's state that an operation ran into."""


class NotFound(Fact):
    """There is no such thing, where it was looked for.

    Args:
        kind: what was looked for, such as ``queue``.
        id: the id under which it was looked for.
    """

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(kind, id)
        self.kind = kind
        self.id = id


class NoSuchInstance(NotFound):
    """No instance with this id in this account and region."""

    def __init__(self, instance_id: str) -> None:
        super().__init__("instance", instance_id)


class NoSuchQueue(NotFound):
    """No queue with this id in the instance."""

    def __init__(self, queue_id: str) -> None:
        super().__init__("queue", queue_id)


class NoSuchCampaign(NotFound):
    """No campaign with this id."""

    def __init__(self, campaign_id: str) -> None:
        super().__init__("campaign", campaign_id)


class NoSuchContact(NotFound):
    """No contact with this id in the instance."""

    def __init__(self, contact_id: str) -> None:
        super().__init__("contact", contact_id)


class NotOnboarded(Fact):
    """The instance has not gone through the onboarding to outbound campaigns, or no longer."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(instance_id)
        self.instance_id = instance_id


class NameTaken(Fact):
    """The instance, or the region, has another of this kind with this name already."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind, name)
        self.kind = kind
        self.name = name


class IdTaken(Fact):
    """Something has the id already that somebody has chosen."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


class InUse(Fact):
    """It cannot go, because something else needs it."""

    def __init__(self, kind: str, id: str, user: str) -> None:
        super().__init__(kind, id, user)
        self.kind = kind
        self.id = id
        self.user = user


class WrongCampaignState(Fact):
    """A campaign cannot do this in the state that it is in, but in others."""

    def __init__(self, verb: str, state: str, possible: tuple[str, ...]) -> None:
        super().__init__(verb, state, possible)
        self.verb = verb
        self.state = state
        self.possible = possible


class ContactHasEnded(Fact):
    """The contact has ended, so nothing more can become of it."""

    def __init__(self, contact_id: str) -> None:
        super().__init__(contact_id)
        self.contact_id = contact_id


class QuotaReached(Fact):
    """There are as many of a kind as there may be."""

    def __init__(self, kind: str, most: int) -> None:
        super().__init__(kind, most)
        self.kind = kind
        self.most = most


class TokenUsedOtherwise(Fact):
    """A ClientToken came back with other parameters than it was first used with."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token
