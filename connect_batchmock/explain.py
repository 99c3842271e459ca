"""Every sentence that a person reads when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

SHOWN = 20
"""How many entries a list in a message has before the rest is counted."""


# Settings


def unknown_setting(name: str, valid: Sequence[str]) -> str:
    return f"connect_mock has no setting {name!r}; there are {_listed(valid)}."


def setting_of_wrong_type(name: str, value: object, expected: str) -> str:
    return f"connect_mock's setting {name} takes {expected}, not {value!r} ({type(value).__name__})."


def setting_without_such_value(name: str, value: object, valid: Sequence[str]) -> str:
    return f"connect_mock's setting {name} takes {' or '.join(map(repr, valid))}, not {value!r}."


def not_an_account_id(value: object) -> str:
    return f"connect_mock's setting account_id takes twelve digits, not {value!r}."


def empty_region() -> str:
    return "connect_mock's setting region takes the name of a region such as 'us-east-1', not ''."


def settings_not_a_dict(where: str, settings: object) -> str:
    return f"{where} is to be a dict of settings, not {settings!r}."


def marker_with_positional_settings(test: str, given: tuple[object, ...]) -> str:
    return f"{test}: the marker connect_mock takes settings by keyword, not {given!r}."


# The model's constraints


def required(path: str) -> str:
    return f"{path}: is required"


def wrong_type(path: str, value: Any, expected: str) -> str:
    return f"{path}: {_short(value)} is not {expected}"


def too_small(path: str, value: Any, size: float, least: float) -> str:
    return f"{path}: {_measured(value, size)} is less than {least}"


def too_large(path: str, value: Any, size: float, most: float) -> str:
    return f"{path}: {_measured(value, size)} is more than {most}"


def not_in_enum(path: str, value: str, allowed: Sequence[str]) -> str:
    return f"{path}: {_short(value)} is not one of {', '.join(allowed)}"


def does_not_match(path: str, value: str, pattern: str) -> str:
    return f"{path}: {_short(value)} does not match {pattern}"


def not_one_of_union(path: str, given: Sequence[str], members: Sequence[str]) -> str:
    return f"{path}: exactly one of {', '.join(members)} is to be given, not {len(given)}"


def violations(found: Sequence[str]) -> str:
    noun = "constraint is" if len(found) == 1 else "constraints are"
    return f"{len(found)} {noun} not met: {'; '.join(found)}"


def _measured(value: Any, size: float) -> str:
    if isinstance(value, str):
        return f"length {size} of {_short(value)}"
    return f"{size} members" if isinstance(value, (list, Mapping)) else str(value)


# Answers of the service


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


def no_such_instance(instance_id: str) -> str:
    hint = " InstanceId takes the id of an instance, not its ARN." if instance_id.startswith("arn:") else ""
    return f"The instance {instance_id!r} was not found in this account and region.{hint}"


def token_used_otherwise(token: str) -> str:
    return f"ClientToken {token!r} was already used for a request with other parameters."


# Items of a batch that come back failed


def no_customer_endpoint() -> str:
    return "CustomerEndpoint is missing."


def no_queue_and_no_system_endpoint() -> str:
    return "QueueId and SystemEndpoint are both missing; one of them is needed."


def no_campaign() -> str:
    return "Campaign is missing."


def no_campaign_id() -> str:
    return "Campaign has no CampaignId."


def unknown_campaign(campaign_id: str) -> str:
    return f"The campaign {campaign_id!r} is unknown in this instance."


def endpoint_of_unusable_type(member: str, given: str | None, usable: Sequence[str]) -> str:
    return f"{member}.Type is {given!r}; a contact that is dialled takes {' or '.join(usable)}."


def endpoint_not_e164(member: str, address: str) -> str:
    return f"{member}.Address {address!r} is not in E.164 format, such as '+15555550100'."


def endpoint_not_a_phone_number_arn(member: str, address: str) -> str:
    return f"{member}.Address {address!r} is not the ARN of a phone number."


def number_not_claimed(address: str, claimed: Sequence[str]) -> str:
    return f"SystemEndpoint.Address {address!r} is not claimed to this instance; it has {_listed(claimed)}."


def unknown_queue(queue_id: str) -> str:
    hint = " QueueId takes the id of a queue, not its ARN." if queue_id.startswith("arn:") else ""
    return f"The queue {queue_id!r} is unknown in this instance.{hint}"


def disabled_queue(queue_id: str) -> str:
    return f"The queue {queue_id!r} is disabled."


def bad_attribute_key(key: str) -> str:
    return f"The attribute key {_short(key)} has characters other than letters, digits, dash and underscore."


def attributes_too_large(size: int, most: int) -> str:
    return f"The attributes take {size} bytes in all; {most} are allowed."


def unusable_strategy(why: str) -> str:
    return f"OutboundStrategy cannot be used: {why}."


def identifier_used_otherwise(identifier: str) -> str:
    return f"RequestIdentifier {identifier!r} was used in this batch for other data."


# The mock itself


def unfaked_operation(service: str, operation: str, faked: Sequence[str]) -> str:
    return (
        f"connect_batchmock has no fake for {operation} of {service}, so the call was stopped before the "
        f"network. It answers {_listed(faked)}. To let such calls go on, to another mock or to AWS, use the "
        f"setting unfaked='passthrough'."
    )


def unfaked_operations_swallowed(operations: Sequence[str]) -> str:
    return (
        f"The test passed, but it called {_listed(operations)}, which connect_batchmock has no fake for; the "
        f"code under test went on as if nothing had happened. Where that is meant, set strict=False."
    )


def not_started() -> str:
    return "This mock_connect is not active: stop() was called without start(), or twice."


def stopped_out_of_order() -> str:
    return (
        "This mock_connect is not the innermost one: another was started after it and is still active. "
        "Stop them in the reverse order in which they were started."
    )


def no_active_mock() -> str:
    return "No mock_connect is active: use it as a context manager or decorator, or the connect_mock fixture."


def class_without_tests(name: str) -> str:
    return f"mock_connect was applied to the class {name}, which has no method whose name starts with 'test'."


def not_decoratable(target: object) -> str:
    return f"mock_connect takes settings by keyword, or decorates a function or a class, not {target!r}."


def not_our_service(service: str, valid: Sequence[str]) -> str:
    return f"connect_batchmock has no service {service!r}; there are {_listed(valid)}."


def no_such_operation(operation: str, near: Sequence[str]) -> str:
    remedy = f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
    return f"No operation of the mocked services is named {operation!r}{remedy}"


def not_e164(number: str) -> str:
    return f"add_phone_number takes a number in E.164 format, such as '+15555550100', not {number!r}."


def name_taken(kind: str, name: str) -> str:
    return f"The instance already has a {kind} named {name!r}; give it another name, or none."


def queue_of_other_instance(queue: str) -> str:
    return f"The queue {queue!r} belongs to another instance; give the campaign a queue of its own instance."


# Assertions


def unknown_criterion(noun: str, name: str, valid: Sequence[str]) -> str:
    return f"A {noun} has no {name!r} to be found by; there are {_listed(valid)}."


def none_matches(
    noun: str,
    criteria: Mapping[str, Any],
    nearest: tuple[int, Sequence[tuple[str, Any, Any]]] | None,
    lines: Sequence[str],
) -> str:
    parts = [f"No {noun}{_wanted(criteria)}."]
    if nearest is not None:
        number, differences = nearest
        parts.append(f"The nearest is number {number}, which differs in:\n{_differences(differences)}")
    return "\n\n".join([*parts, everything(noun, lines)])


def several_match(noun: str, criteria: Mapping[str, Any], matching: Sequence[str]) -> str:
    return (
        f"{_counted(len(matching), noun)}{_wanted(criteria)}, where one is expected. "
        f"Narrow the criteria, or use where().\n\n{numbered(matching)}"
    )


def wrong_count(
    noun: str, expected: int, found: int, criteria: Mapping[str, Any], lines: Sequence[str]
) -> str:
    verb = "is" if expected == 1 else "are"
    fact = f"{_counted(found, noun)}{_wanted(criteria)}, where {expected} {verb} expected."
    return f"{fact}\n\n{everything(noun, lines)}"


def unexpected(noun: str, criteria: Mapping[str, Any], matching: Sequence[str]) -> str:
    fact = f"{_counted(len(matching), noun)}{_wanted(criteria)}, where none is expected."
    return f"{fact}\n\n{numbered(matching)}"


def everything(noun: str, lines: Sequence[str]) -> str:
    return f"{_counted(len(lines), noun)} in all:\n{numbered(lines)}" if lines else f"There are no {noun}s."


def contact_line(contact: Any) -> str:
    queue = f", queue {contact.queue.name!r}" if contact.queue else ""
    request = f", request {contact.request_identifier!r}" if contact.request_identifier else ""
    return (
        f"{contact.customer_address}, campaign {contact.campaign.name!r}{queue}{request}, "
        f"attributes {_short(contact.attributes)}"
    )


def call_line(call: Any) -> str:
    attempt = f" (attempt {call.attempt})" if call.attempt > 1 else ""
    return f"{call.operation} in {call.region}{attempt}: {_answer(call)}"


def failed_request_line(failed: Any) -> str:
    who = failed.request_identifier or "an item without RequestIdentifier"
    return f"{who}: {failed.reason}, {failed.message}"


def _answer(call: Any) -> str:
    if call.error is not None:
        return f"{call.error}: {_cut(call.message, 200)}"
    failed: list[Mapping[str, Any]] = call.result["FailedRequestList"]
    created = f"{len(call.result['SuccessfulRequestList'])} created, {len(failed)} failed"
    if not failed:
        return created
    shown = [f"{item.get('RequestIdentifier', '-')} {item['FailureReasonCode']}" for item in failed[:5]]
    more = [f"{len(failed) - 5} more"] if len(failed) > 5 else []
    return f"{created} ({', '.join([*shown, *more])})"


def _differences(differences: Iterable[tuple[str, Any, Any]]) -> str:
    return "\n".join(
        f"    {path}: {_short(actual)}, wanted {_short(expected)}" for path, expected, actual in differences
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _wanted(criteria: Mapping[str, Any]) -> str:
    if not criteria:
        return ""
    return f" with {', '.join(f'{name}={_short(value)}' for name, value in criteria.items())}"


def numbered(lines: Sequence[str], most: int = SHOWN) -> str:
    shown = [f"{number:>3}. {line}" for number, line in enumerate(lines[:most], 1)]
    more = [f"     and {len(lines) - most} more"] if len(lines) > most else []
    return "\n".join([*shown, *more])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _short(value: Any) -> str:
    return repr(value) if isinstance(value, datetime) else _cut(repr(value), 120)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
