"""What can be wrong, as facts: an operation decides which error of AWS's each one becomes."""

from __future__ import annotations


class Fact(Exception):
    """Something about the backend's state that an operation ran into."""


class NoSuchInstance(Fact):
    """No instance with this id in this account and region."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(instance_id)
        self.instance_id = instance_id


class NoSuchQueue(Fact):
    """No queue with this id in the instance."""


class NoSuchCampaign(Fact):
    """No campaign with this id in the instance."""


class TokenUsedOtherwise(Fact):
    """A ClientToken came back with other parameters than it was first used with."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token
