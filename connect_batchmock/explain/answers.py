"""The messages of errors that any operation answers with."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock._text import with_article


def undecodable(why: str) -> str:
    return f"The body of the request cannot be read: {why}"


def unsigned() -> str:
    return "Missing Authentication Token"


def unknown_operation(method: str, path: str) -> str:
    return f"No operation of this service answers {method} {path}."


def not_authorized(user: str, action: str, resource: str) -> str:
    return (
        f"User: {user} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )


_TAKES_AN_ID = {"instance": "InstanceId", "queue": "QueueId", "contact flow": "ContactFlowId"}


def not_found(kind: str, id: str) -> str:
    member = _TAKES_AN_ID.get(kind)
    hint = (
        f" {member} takes the id of {with_article(kind)}, not its ARN."
        if member and id.startswith("arn:")
        else ""
    )
    where = "in this account and region" if kind in ("instance", "campaign") else "here"
    return f"The {kind} {id!r} was not found {where}.{hint}"


def name_taken(kind: str, name: str) -> str:
    return f"The {kind} name {name!r} is taken already in this instance; choose another."


def in_use(kind: str, id: str, user: str) -> str:
    return f"The {kind} {id!r} cannot go, because {user} needs it."


def wrong_campaign_state(verb: str, state: str, possible: Sequence[str]) -> str:
    return f"A campaign that is {state} cannot be told to {verb}; one that is {' or '.join(possible)} can."


def contact_has_ended(contact_id: str) -> str:
    return f"The contact {contact_id!r} has ended already."


def quota_reached(kind: str, most: int) -> str:
    return f"There are {most} {kind}s already, and no more are allowed."


def not_a_token(token: str) -> str:
    return f"The token {token!r} is none that this operation has given."


def token_used_otherwise(token: str) -> str:
    return f"ClientToken {token!r} was already used for a request with other parameters."
