"""Which of AWS's errors a fact becomes, and in which words."""

from __future__ import annotations

from connect_batchmock import explain
from connect_batchmock.domain.facts import Fact, NoSuchInstance, TokenUsedOtherwise
from connect_batchmock.protocol.errors import ServiceError


def error_for(fact: Fact) -> ServiceError:
    """Return the modelled error for a fact that an operation ran into."""
    if isinstance(fact, NoSuchInstance):
        return ServiceError("ResourceNotFoundException", explain.no_such_instance(fact.instance_id))
    assert isinstance(fact, TokenUsedOtherwise), fact
    return ServiceError("IdempotencyException", explain.token_used_otherwise(fact.token))
