"""Writes the resources of a mock as a state file."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from connect_batchmock.domain.agent import Agent
from connect_batchmock.domain.campaign import Campaign, CustomerProfile, Telephony
from connect_batchmock.domain.instance import BASIC_QUEUE, Instance
from connect_batchmock.domain.phone_numbers import PhoneNumber, is_e164
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.campaigns.configuration import (
    channel_config_of,
    message_channels_of,
    schedule_member,
    stored_settings,
)
from connect_batchmock.state.document import StateError, check_suffix
from connect_batchmock.state.format import CHANNELS

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def document_of(instances: Iterable[Instance]) -> dict[str, Any]:
    """Return the content of a state file that seeds instances again, with the same ids.

    It is a copy that holds strings, numbers, booleans, lists and dicts only. Callers hold the lock of the
    backend.
    """
    return {"instances": [_copy(_instance(instance)) for instance in instances]}


def save(document: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write a state file, whose suffix decides its format. A failing write leaves a former file as it was.

    Raises:
        StateError: the suffix is neither ``.toml`` nor ``.json``, or the file cannot be written.
    """
    file = Path(path)
    suffix = check_suffix(file)
    try:
        content = _FORMATS[suffix](document).encode()
    except UnicodeEncodeError as error:
        raise StateError(
            f"The state has the text {error.object[error.start : error.end]!r}, which UTF-8 cannot encode.",
            file=file,
        ) from None
    try:
        # A link stays a link: what it leads to is replaced.
        _replace(file.resolve(), content)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StateError(f"The state file {file.absolute()!s} cannot be written: {why}.", file=file) from None


def _replace(file: Path, content: bytes) -> None:
    """Replace the content of a file as a whole, by way of a file beside it."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(file, beside)
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


# The document


def _instance(instance: Instance) -> dict[str, Any]:
    basic = instance.basic_queue
    queues = [queue for queue in instance.queues.values() if queue is not basic or _is_changed(queue)]
    has_basic = any(queue.name == BASIC_QUEUE for queue in instance.queues.values())
    is_managed = instance.identity_management_type == "CONNECT_MANAGED"
    return _present(
        alias=instance.alias,
        id=instance.id,
        region=instance.region.name,
        identity_management_type=None if is_managed else instance.identity_management_type,
        onboarded=None if instance.onboarding is not None else False,
        basic_queue=None if has_basic else False,
        attributes=_attributes(instance),
        communication_limits=instance.communication_limits,
        tags=instance.tags,
        phone_numbers=[_phone_number(number) for number in instance.phone_numbers.values()],
        queues=[_queue(queue) for queue in queues],
        agents=[_agent(agent, instance) for agent in instance.agents.values()],
        campaigns=[_campaign(campaign, instance) for campaign in instance.campaigns.values()],
        profiles=[_profile(profile) for profile in instance.profiles.values()],
    )


def _present(**values: Any) -> dict[str, Any]:
    """Return the values that are neither None nor empty lists nor empty tables."""
    return {name: value for name, value in values.items() if value not in (None, [], {})}


def _attributes(instance: Instance) -> dict[str, bool]:
    switches = {"INBOUND_CALLS": instance.inbound_calls, "OUTBOUND_CALLS": instance.outbound_calls}
    off = {name: is_on for name, is_on in switches.items() if not is_on}
    return off | {name: value == "true" for name, value in instance.attributes.items()}


def _phone_number(number: PhoneNumber) -> dict[str, Any]:
    return _present(number=number.number, id=number.id, description=number.description, tags=number.tags)


def _is_changed(queue: Queue) -> bool:
    """Whether the queue that every instance has differs from that of a new instance."""
    return _queue(queue).keys() != {"name", "id"} or queue.name != BASIC_QUEUE


def _queue(queue: Queue) -> dict[str, Any]:
    caller = queue.outbound_caller
    return _present(
        name=queue.name,
        id=queue.id,
        enabled=None if queue.enabled else False,
        description=queue.description,
        max_contacts=queue.max_contacts,
        outbound_caller=None if caller is None else _present(**asdict(caller)),
        tags=queue.tags,
    )


def _agent(agent: Agent, instance: Instance) -> dict[str, Any]:
    # The contact of an agent is not saved, and so the agent has finished it.
    status = agent.next_status or agent.status
    return {
        "username": agent.username,
        "id": agent.id,
        "queues": [_reference(queue, instance) for queue in instance.queues_of(agent.routing_profile)],
        "first_name": agent.first_name,
        "last_name": agent.last_name,
        **_present(email=agent.email),
        "status": status.name,
        **_present(tags=agent.tags),
    }


def _reference(queue: Queue, instance: Instance) -> str:
    """Return the name of a queue; its id if the name is the id of another queue, which would come first."""
    return queue.id if queue.name in instance.queues else queue.name


def _campaign(campaign: Campaign, instance: Instance) -> dict[str, Any]:
    shorthand = _shorthand(campaign, instance)
    channels = {CHANNELS: channel_config_of(campaign)} if shorthand is None else {}
    configuration = channels | schedule_member(campaign.schedule) | stored_settings(campaign.settings)
    queue = campaign.queue
    is_deleted = queue is not None and queue.id not in instance.queues
    return _present(
        name=campaign.name,
        id=campaign.id,
        state=campaign.state,
        **(shorthand or {}),
        configuration=configuration,
        deleted_queue={"id": queue.id, "name": queue.name} if queue is not None and is_deleted else None,
        tags=campaign.tags,
    )


def _shorthand(campaign: Campaign, instance: Instance) -> dict[str, Any] | None:
    """Return the keys for the telephony of a campaign; None if they cannot say it."""
    telephony, queue = campaign.telephony, campaign.queue
    if telephony is None or message_channels_of(campaign.settings):
        return None
    if queue is not None and queue.id not in instance.queues:
        return None
    bandwidth, source = telephony.bandwidth_allocation, telephony.source_number
    expressed = Telephony.of_mode(
        telephony.mode,
        queue,
        telephony.flow_id,
        bandwidth_allocation=1.0 if bandwidth is None else min(bandwidth, 1.0),
        source_number=source if source is None or is_e164(source) else None,
        answer_machine_detection=bool(telephony.answer_machine_detection),
    )
    if expressed != telephony:
        return None
    return _present(
        queue=None if queue is None else _reference(queue, instance),
        mode=telephony.mode,
        bandwidth_allocation=bandwidth,
        source_number=source,
        answer_machine_detection=telephony.answer_machine_detection,
        flow_id=telephony.flow_id,
    )


def _copy(value: Any) -> Any:
    """Return a copy of a value in which each time is a text, as in JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _copy(entry) for name, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list) else value


def _profile(profile: CustomerProfile) -> dict[str, Any]:
    return _present(number=profile.number, id=profile.id, attributes=dict(profile.attributes))


# The text


def to_json(document: Mapping[str, Any]) -> str:
    """Return a document as JSON."""
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"


def to_toml(document: Mapping[str, Any]) -> str:
    """Return a document as TOML: a list of tables that stands in tables alone has a header for each entry."""
    return "\n".join(_lines(document, ())).lstrip("\n") + ("\n" if document else "")


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    lists = {name: value for name, value in table.items() if _is_list_of_tables(value)}
    for name, value in table.items():
        if name not in lists:
            yield f"{_key(name)} = {_value(value)}"
    for name, tables in lists.items():
        for entry in tables:
            yield f"\n[[{'.'.join(map(_key, (*path, name)))}]]"
            yield from _lines(entry, (*path, name))


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(name)} = {_value(entry)}" for name, entry in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # JSON and TOML write numbers, booleans and texts alike, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _value(name)


_FORMATS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {".toml": to_toml, ".json": to_json}
