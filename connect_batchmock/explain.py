"""Every sentence that a person reads when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
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


def setting_too_small(name: str, value: object, least: int) -> str:
    return f"connect_mock's setting {name} takes a whole number from {least} on, not {value!r}."


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


def unknown_member(path: str, valid: Sequence[str]) -> str:
    return f"{path}: there is no such member, there are {_listed(valid) or 'none'}"


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


_TAKES_AN_ID = {"instance": "InstanceId", "queue": "QueueId", "contact flow": "ContactFlowId"}


def not_found(kind: str, id: str) -> str:
    member = _TAKES_AN_ID.get(kind)
    hint = f" {member} takes the id of {_a(kind)}, not its ARN." if member and id.startswith("arn:") else ""
    where = "in this account and region" if kind in ("instance", "campaign") else "here"
    return f"The {kind} {id!r} was not found {where}.{hint}"


def name_taken(kind: str, name: str) -> str:
    return f"The {kind} name {name!r} is taken already in this instance; choose another."


def in_use(kind: str, id: str, user: str) -> str:
    return f"The {kind} {id!r} cannot go, because {user} needs it."


def wrong_campaign_state(verb: str, state: str) -> str:
    return f"A campaign that is {state} cannot be told to {verb}."


def contact_has_ended(contact_id: str) -> str:
    return f"The contact {contact_id!r} has ended already."


def quota_reached(kind: str, most: int) -> str:
    return f"There are {most} {kind}s already, and no more are allowed."


def not_a_token(token: str) -> str:
    return f"The token {token!r} is none that this operation has given."


def token_used_otherwise(token: str) -> str:
    return f"ClientToken {token!r} was already used for a request with other parameters."


# Instances, hours of operation, queues, phone numbers, contact flows and tags


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
    return f"The attribute {attribute} takes the Value 'true' or 'false', not {_short(value)}."


def name_or_description_needed() -> str:
    return "Name and Description are both missing; one of them is needed."


def the_queue(name: str) -> str:
    return f"the queue {name!r}"


def the_campaign(name: str) -> str:
    return f"the campaign {name!r}"


def no_such_search_field(field: str | None, valid: Sequence[str]) -> str:
    return f"FieldName {_short(field)} cannot be searched by; there are {_listed(valid)}."


def cannot_search_for(value: str, least: int, most: int) -> str:
    return (
        f"CONTAINS takes a Value of {least} to {most} characters, and {_short(value)} has {len(value)}; "
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


# Contacts after their creation


def too_many_contact_tags(count: int, most: int) -> str:
    return (
        f"The contact would have {count} tags of its own; {most} are allowed. Take some away with "
        f"UntagContact."
    )


def nothing_to_update(members: Sequence[str]) -> str:
    return f"UpdateContact has nothing to update; give it at least one of {_listed(members)}."


def not_of_a_call(given: Sequence[str], members: Sequence[str]) -> str:
    return (
        f"UpdateContact cannot update {_listed(given)} of a contact that is called from here; it can update "
        f"{_listed(members)}."
    )


def reason_of_a_customer() -> str:
    return "Only outbound campaigns can give a DisconnectReason; leave it out, and the reason is OTHER."


def ends_before_it_starts(start: datetime, end: datetime) -> str:
    return f"The time range ends at {end.isoformat()}, before it starts at {start.isoformat()}."


def no_outbound_calls(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} makes no outbound calls; allow them with UpdateInstanceAttribute and "
        f"the attribute OUTBOUND_CALLS."
    )


def strategy_of_a_customer() -> str:
    return (
        "Only outbound campaigns can call with an OutboundStrategy; leave it out, and the customer is called "
        "at once."
    )


def no_queue_and_no_source_number() -> str:
    return "QueueId and SourcePhoneNumber are both missing; one of them is needed."


def source_phone_number_not_claimed(number: str, claimed: Sequence[str]) -> str:
    return f"SourcePhoneNumber {number!r} is not claimed to this instance; it has {_listed(claimed)}."


def detection_without_campaign_traffic() -> str:
    return "EnableAnswerMachineDetection needs the TrafficType 'CAMPAIGN'."


def reference_of_unusable_type(type: str, usable: Sequence[str]) -> str:
    return f"A call cannot begin with a reference of the type {type!r}; it takes {_listed(usable)}."


def strategy_without_campaign() -> str:
    return unusable_strategy("it is for the contacts of a campaign, and there is no CampaignId")


def no_metrics_about(given: Sequence[str], known: Sequence[str]) -> str:
    return (
        f"There is nothing to tell by {_listed(given)}; there are the filters and groupings {_listed(known)}."
    )


def metrics_without_queues() -> str:
    return "Filters has no Queues; name at least one queue by its id or ARN."


def not_sortable(metric: str, sortable: Sequence[str]) -> str:
    return f"SortCriteria cannot sort by {metric}; it can sort by {_listed(sortable)}."


def no_such_metric(name: str, known: Sequence[str]) -> str:
    return f"There is no metric with the Name {name!r}; there are {_listed(known)}."


def wrong_unit(metric: str, given: str, unit: str) -> str:
    return f"The metric {metric} has the unit {unit}, not {given}."


# Campaigns


def not_onboarded(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} is not onboarded to outbound campaigns; onboard it with "
        f"StartInstanceOnboardingJob first."
    )


def high_volume_outbound_is_off(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} may not have outbound campaigns; allow them with "
        f"UpdateInstanceAttribute and the attribute HIGH_VOLUME_OUTBOUND first."
    )


def onboarded_otherwise(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} is onboarded with another encryptionConfig; to change it, delete what "
        f"there is with DeleteConnectInstanceConfig first."
    )


def active_campaigns(instance_id: str, names: Sequence[str]) -> str:
    return (
        f"The instance {instance_id!r} has campaigns that are Running or Paused, {_listed(names)}; stop them "
        f"with StopCampaign first."
    )


def campaign_made_otherwise(name: str) -> str:
    return (
        f"The instance already has a campaign named {name!r}, which is not what these parameters describe; "
        f"repeat the parameters exactly to be told its id, or choose another name."
    )


def campaign_cannot_be_deleted(state: str) -> str:
    return f"A campaign that is {state} cannot be deleted; stop it with StopCampaign first."


def mode_without_connect_queue(mode: str) -> str:
    return f"A {mode} campaign dials for the agents of a queue; give it one with connectQueueId."


def agentless_without_source_number() -> str:
    return "An agentless campaign has no queue to call from; give it a number with connectSourcePhoneNumber."


def source_number_not_e164(number: str) -> str:
    return f"connectSourcePhoneNumber {number!r} is not in E.164 format, such as '+15555550100'."


def source_number_not_claimed(number: str, claimed: Sequence[str]) -> str:
    return f"connectSourcePhoneNumber {number!r} is not claimed to this instance; it has {_listed(claimed)}."


def agentless_for_good(mode: str, wanted: str) -> str:
    return (
        f"The campaign was created as {mode} and cannot become {wanted}: whether a campaign is agentless is "
        f"fixed when it is created. Create another campaign."
    )


def no_source_to_update() -> str:
    return (
        "The campaign was created without a source, and none can be added later. Create another campaign "
        "with one."
    )


def no_channel_subtype() -> str:
    return "A campaign needs at least one of telephony, sms, email and whatsApp, unless its type is JOURNEY."


def no_channel_subtype_to_update() -> str:
    return "channelSubtypeConfig is empty; give it at least one of telephony, sms, email and whatsApp."


def schedule_has_ended(end: datetime) -> str:
    return f"The campaign's schedule ended at {end.isoformat()}; give it another with UpdateCampaignSchedule."


def schedule_ends_too_early(end: datetime, after: datetime) -> str:
    return f"schedule.endTime {end.isoformat()} is not after {after.isoformat()}, its start or now."


# Dial requests


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
        f"network. {_what_is_faked(operation, faked)} To let such calls go on, to another mock or to AWS, "
        f"use the setting unfaked='passthrough', or connect_mock.allow({operation!r}) for this one; to "
        f"answer them, add a fake with connect_mock.fake({operation!r}, ...)."
    )


def _what_is_faked(operation: str, faked: Sequence[str]) -> str:
    nearest = get_close_matches(operation, faked, n=5, cutoff=0)
    return (
        f"It has one for {len(faked)} operations, which the reference page 'Operations' lists; those whose "
        f"names are nearest are {_listed(nearest)}."
    )


def left_over(unfaked: Sequence[str], never_fired: Sequence[str], broken: Sequence[str]) -> str:
    parts = [*broken]
    if unfaked:
        parts.append(
            f"{_listed(unfaked)} was called, which connect_batchmock has no fake for: the code under test "
            f"went on as if nothing had happened."
        )
    if never_fired:
        parts.append(
            f"What was planned to go wrong never happened: {'; '.join(never_fired)}. Either no call came, or "
            f"an earlier plan met each one. Plan it before the call, for the operation and the items sent."
        )
    return "\n".join(parts)


def passed_but(left_over: str) -> str:
    return f"The test passed, but something is left over. Where that is meant, set strict=False.\n{left_over}"


def fake_raised(operation: str, error: Exception) -> str:
    return f"The fake for {operation} raised {type(error).__name__}: {error}"


def fake_gave_something_else(operation: str, result: object) -> str:
    return f"The fake for {operation} is to return a dict, the members of its output, not {_short(result)}."


def fake_broke_the_model(operation: str, broken: Sequence[str]) -> str:
    return f"The fake for {operation} returned what the model does not allow: {violations(broken)}"


def not_a_fake(function: object) -> str:
    return f"A fake is a plain function of the mock and the parameters, not {function!r}."


def call_without_a_mock(operation: str, where: str) -> str:
    return (
        f"{operation} was called while no mock was active, and stopped before the network. Use the fixture "
        f"connect_mock or mock_connect around it. It was called at {where}."
    )


def call_after_the_mock(operation: str, where: str) -> str:
    return (
        f"{operation} was called after its mock had stopped, by a client that was made in it or a thread "
        f"that it left behind, and did not reach the network. Wait for threads before the test ends, and "
        f"make clients anew for calls outside of a mock. It was called at {where}."
    )


def unknown_place() -> str:
    return "a place that cannot be told"


def refused_calls(lines: Sequence[str]) -> str:
    calls = _counted(len(lines), "call")
    return f"{calls} of Amazon Connect came while no mock was active and did not get out:\n{numbered(lines)}"


def refused_line(operation: str, test: str, where: str) -> str:
    return f"{operation} in {test}, at {where}"


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


def not_e164(taker: str, number: str) -> str:
    return f"{taker} takes a number in E.164 format, such as '+15555550100', not {number!r}."


def cannot_seed_name(kind: str, name: str) -> str:
    return f"The instance already has a {kind} named {name!r}; give it another name, or none."


def cannot_seed_alias(alias: str, region: str) -> str:
    return f"There is already an instance with the alias {alias!r} in {region}; give it another, or none."


def cannot_seed_number(number: str, region: str) -> str:
    return (
        f"The phone number {number!r} cannot be claimed: an instance in {region} has it, or released it less "
        f"than 180 days ago."
    )


def queue_of_other_instance(queue: str) -> str:
    return f"The queue {queue!r} belongs to another instance; give the campaign a queue of its own instance."


# What goes wrong on purpose


def plan(method: str, args: Sequence[object], times: int | None, **options: object) -> str:
    given = [repr(value) for value in args]
    given += [f"{name}={_short(value)}" for name, value in options.items() if value is not None]
    return f"connect_mock.{method}({', '.join([*given, f'times={times}'])})"


def when_raised(plan: str, error: Exception) -> str:
    return f"The function that says when in {plan} raised {type(error).__name__}: {error}"


def error_on_purpose() -> str:
    return "This error was planned by the test."


def rejected_on_purpose() -> str:
    return "This item was rejected on purpose, by connect_mock.reject_contacts."


def rate_exceeded(operation: str) -> str:
    return f"Rate exceeded: {operation} is called faster than connect_mock.limit_rate allows."


def gateway_page(status: int, phrase: str) -> str:
    return (
        f"<html><head><title>{status} {phrase}</title></head><body><h1>{status} {phrase}</h1></body></html>"
    )


def bare_response(body: bytes) -> str:
    return f"The body was {_short(body.decode())}." if body else "The body was empty."


def network_fault(error: str, answer: str) -> str:
    carried_out = f"it was {_cut(answer, 200)}" if answer else "the request was carried out"
    return {
        "EndpointConnectionError": "The connection was refused: the request did not arrive.",
        "ReadTimeoutError": f"The answer was lost: {carried_out}.",
        "ConnectionClosedError": f"The connection broke during the answer: {carried_out}.",
    }[error]


def error_not_of_operation(operation: str, code: str, modelled: Sequence[str], common: Sequence[str]) -> str:
    return (
        f"{operation} cannot answer with {code!r}. It models {_listed(modelled)}; any operation can "
        f"answer with {_listed(common)}. To have this one all the same, give it an HTTP status: status=400."
    )


def no_such_error_member(code: str, name: str, valid: Sequence[str]) -> str:
    there = f"there are {_listed(valid)}" if valid else "it has none beside its message"
    return f"The error {code} has no member {name!r}; {there}."


def not_a_message(message: object) -> str:
    return f"message= takes a text, not {message!r}."


def not_an_error_code(code: object) -> str:
    return f"The code of an error is a name such as 'LimitExceededException', not {code!r}."


def not_an_error_status(status: object) -> str:
    return f"connect_mock.fail takes an HTTP status from 400 to 599, not {status!r}."


def bare_response_with_more() -> str:
    return (
        "connect_mock.fail takes a status in place of the error, with nothing but a body as its message; "
        "status= and members of an error go with the code of an error."
    )


def not_a_number_of_times(times: object) -> str:
    return f"times takes a whole number from 1 on, or None for every time, not {times!r}."


def no_such_reason(reason: object, valid: Sequence[str]) -> str:
    return f"There is no FailureReasonCode {reason!r}; there are {_listed(valid)}."


def no_such_item_member(name: object, valid: Sequence[str]) -> str:
    return f"An item has no member {name!r} that when= could be about; there are {_listed(valid)}."


def not_a_when(when: object) -> str:
    return (
        f"when= takes members of an item, such as {{'RequestIdentifier': 'lead-7'}}, or a plain function of "
        f"the item, not {when!r}."
    )


def not_a_rate(per_second: object, burst: object) -> str:
    return (
        f"connect_mock.limit_rate takes per_second, a number over 0, and burst, a whole number from 1 on, "
        f"not {per_second!r} and {burst!r}; without both, it takes the quota that AWS documents."
    )


def operation_of_other_services(operation: str, service: str, services: Sequence[str]) -> str:
    return f"The service {service!r} has no {operation}; it belongs to {_listed(services)}."


def nothing_to_carry_out(method: str, operation: str, faked: Sequence[str]) -> str:
    return (
        f"connect_mock.{method} lets a call be carried out, and connect_batchmock has no fake that could "
        f"carry out {operation}. {_what_is_faked(operation, faked)}"
    )


def cannot_advance(seconds: object) -> str:
    return f"connect_mock.advance takes seconds, from 0 on and within what dates can say, not {seconds!r}."


# What becomes of contacts


def not_a_duration(name: str, value: object) -> str:
    return f"{name}= takes seconds, a number from 0 on, not {value!r}."


def disconnected_by_nobody(given: object) -> str:
    return f"disconnected_by= takes 'customer' or 'agent', not {given!r}."


def not_a_policy(given: object) -> str:
    return (
        f"connect_mock.on_dial takes an outcome such as outcomes.busy(), a list of outcomes, or a plain "
        f"function of the contact that returns one, not {given!r}."
    )


def policy_raised(customer: str, error: Exception) -> str:
    return (
        f"The function that was given to connect_mock.on_dial raised {type(error).__name__} for {customer}, "
        f"whose contact ended without a call: {error}"
    )


def not_an_outcome(customer: str, given: object) -> str:
    return (
        f"The function that was given to connect_mock.on_dial is to return an outcome such as "
        f"outcomes.busy(), and returned {_short(given)} for {customer}."
    )


def may_not_discard(customer: str) -> str:
    return (
        f"The contact of {customer} cannot be discarded: only a contact in preview mode can, whose strategy "
        f"or campaign allows DISCARD. Choose another outcome for it in connect_mock.on_dial."
    )


def not_a_hearer(method: str, given: object) -> str:
    return f"connect_mock.{method} takes a plain function, such as a Lambda handler, not {given!r}."


def hearer_raised(method: str, error: Exception) -> str:
    return f"The function that was given to connect_mock.{method} raised {type(error).__name__}: {error}"


def not_a_number_of_agents(count: object) -> str:
    return f"add_agents takes a whole number from 1 on, not {count!r}."


def no_such_mode(mode: object, valid: Sequence[str]) -> str:
    return f"A campaign has no mode {mode!r}; there are {_listed(valid)}."


def mode_without_a_queue(mode: str) -> str:
    return f"A campaign in {mode} mode dials for the agents of a queue; give it one with queue=."


def not_an_allocation(given: object) -> str:
    return f"bandwidth_allocation= takes a number from 0 to 1, not {given!r}."


def event_line(event: Any) -> str:
    detail = event["detail"]
    reason = f", {detail['disconnectReason']}" if "disconnectReason" in detail else ""
    return f"{event['time']} {detail['eventType']} of {detail['contactId']}{reason}"


def contact_record_line(record: Any) -> str:
    return f"{record['CustomerEndpoint']['Address']}, {record['ContactId']}: {record['DisconnectReason']}"


# What a dialer did wrong


def items_given_up(found: Sequence[Any], reasons: Sequence[str]) -> str:
    items = "1 item" if len(found) == 1 else f"{len(found)} items"
    return (
        f"{items} failed for a reason that may pass ({_listed(reasons)}), and never went through:\n\n"
        f"{numbered([_given_up(one) for one in found])}\n\n"
        f"Send such items again, with a ClientToken of their own: to the old one AWS repeats its answer."
    )


def _given_up(item: Any) -> str:
    failed = item.failed
    later = [_sent_again(one, failure) for one, failure in item.later] or ["It was not sent again."]
    lines = [f"{_customer(failed)}: {failed.reason} in call {failed.call_number}: {failed.message}", *later]
    return "\n       ".join(lines)


def _sent_again(one: Any, failure: Any) -> str:
    what = "the same ClientToken, so AWS repeated its answer"
    if one.call.error is not None:
        what = f"{one.call.error}: {_cut(one.call.message, 100)}"
    elif failure is not None:
        what = f"{failure.reason}: {failure.message}"
    return f"It was sent again in call {one.number}: {what}"


def _customer(failed: Any) -> str:
    address = failed.item["CustomerEndpoint"]["Address"]
    who = "" if failed.request_identifier is None else f"{failed.request_identifier}, "
    return f"{who}{address}, campaign {failed.item['Campaign']['CampaignId']}"


def customers_called_twice(found: Sequence[Any]) -> str:
    customers = "1 customer has" if len(found) == 1 else f"{len(found)} customers have"
    return (
        f"{customers} more than one contact in a campaign, and would be called more than once:\n\n"
        f"{numbered([_called_twice(one) for one in found])}\n\n"
        f"A call that was not answered may have been carried out. Repeat it with the same ClientToken and "
        f"the same items, and it stays one contact."
    )


def _called_twice(customer: Any) -> str:
    contact = customer.creations[0].contact
    count = len(customer.creations)
    lines = [f"{contact.customer_address}, campaign {contact.campaign.name!r}: {count} contacts"]
    return "\n       ".join([*lines, *map(_creation, customer.creations)])


def _creation(creation: Any) -> str:
    call = creation.by.call
    token = call.parameters.get("ClientToken")
    sent = f"with ClientToken {token!r}" if token else "without ClientToken"
    told = "" if creation.was_answered else f", which was never answered ({call.error})"
    return f"{creation.contact.id} by call {creation.by.number} {sent}{told}"


# Assertions


def unknown_criterion(noun: str, name: str, valid: Sequence[str]) -> str:
    return f"{_a(noun).capitalize()} has no {name!r} to be found by; there are {_listed(valid)}."


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
    campaign = f", campaign {contact.campaign.name!r}" if contact.campaign else ""
    progress = "" if contact.state == "INITIATED" else f", {contact.state}"
    reason = f" ({contact.disconnect_reason})" if contact.disconnect_reason else ""
    return (
        f"{contact.customer_address}{campaign}{queue}{request}, attributes {_short(contact.attributes)}"
        f"{progress}{reason}"
    )


def call_line(call: Any) -> str:
    attempt = f" (attempt {call.attempt})" if call.attempt > 1 else ""
    by = " by the campaign service" if call.internal else ""
    return f"{call.operation} in {call.region}{by}{attempt}: {_answer(call)}"


def failed_request_line(failed: Any) -> str:
    who = failed.request_identifier or "an item without RequestIdentifier"
    return f"{who}: {failed.reason}, {failed.message}"


def _answer(call: Any) -> str:
    if call.error is not None:
        carried_out = "" if call.result is None else f" {_result(call)}"
        return f"{call.error}: {_cut(call.message, 200)}{carried_out}"
    return _result(call)


def _result(call: Any) -> str:
    for succeeded, failed, reason, identifier, verb in _BATCHES:
        if failed in call.result:
            done = f"{len(call.result[succeeded])} {verb}, {len(call.result[failed])} failed"
            return done + _failed_items(call.result[failed], reason, identifier)
    return "answered"


_BATCHES = (
    ("SuccessfulRequestList", "FailedRequestList", "FailureReasonCode", "RequestIdentifier", "created"),
    ("successfulRequests", "failedRequests", "failureCode", "clientToken", "succeeded"),
)
"""How answers to batches name their lists, why an item failed, which it was, and what the others did."""


def _failed_items(failed: Sequence[Mapping[str, Any]], reason: str, identifier: str) -> str:
    if not failed:
        return ""
    shown = [f"{item.get(identifier, '-')} {item[reason]}" for item in failed[:5]]
    more = [f"{len(failed) - 5} more"] if len(failed) > 5 else []
    return f" ({', '.join([*shown, *more])})"


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


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _short(value: Any) -> str:
    return repr(value) if isinstance(value, datetime) else _cut(repr(value), 120)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
