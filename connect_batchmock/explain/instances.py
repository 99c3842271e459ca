"""The messages of errors about instances and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock._text import listed, short


def alias_taken(alias: str) -> str:
    return f"InstanceAlias {alias!r} is that of another instance in this account and region; choose another."


def alias_needed(kind: str) -> str:
    return f"An instance whose IdentityManagementType is {kind} needs an InstanceAlias, such as 'sales'."


def directory_needed() -> str:
    return (
        "An instance whose IdentityManagementType is EXISTING_DIRECTORY needs a DirectoryId, such as "
        "'d-0123456789'."
    )


def not_true_or_false(attribute: str, value: str) -> str:
    return f"The attribute {attribute} takes the Value 'true' or 'false', not {short(value)}."


def name_or_description_needed() -> str:
    return "Name and Description are both missing; one of them is needed."


def the_queue(name: str) -> str:
    return f"the queue {name!r}"


def the_campaign(name: str) -> str:
    return f"the campaign {name!r}"


def no_such_search_field(field: str | None, valid: Sequence[str]) -> str:
    return f"FieldName {short(field)} cannot be searched by; there are {listed(valid)}."


def cannot_search_for(value: str, least: int, most: int) -> str:
    return (
        f"CONTAINS takes a Value of {least} to {most} characters, and {short(value)} has {len(value)}; "
        f"use STARTS_WITH or EXACT for others."
    )


def not_one_target(count: int) -> str:
    return f"TargetArn and InstanceId both name an instance; exactly one of them is to be given, not {count}."


def prefix_without_plus(prefix: str) -> str:
    return f"PhoneNumberPrefix {prefix!r} is to begin with a plus sign and a country's code, such as '+44'."


def number_not_available(number: str) -> str:
    return (
        f"The phone number {number!r} is not available: it is claimed already, or was released less than 180 "
        f"days ago. SearchAvailablePhoneNumbers tells which ones are."
    )


def flow_not_json(why: str) -> str:
    return f"Content is not JSON ({why}); it takes a flow in the Amazon Connect Flow language."


def flow_not_an_object() -> str:
    return "Content is not a JSON object; it takes a flow in the Amazon Connect Flow language."


def flow_only_saved(name: str, saved: str) -> str:
    return f"The contact flow {name!r} is only saved and not published; its saved content goes by {saved!r}."


def not_to_be_pickled(thing: object) -> str:
    return (
        f"{thing!r} is a part of its mock, and cannot leave this process by pickle; hand over its id, and of "
        f"a contact the attributes that are wanted."
    )
