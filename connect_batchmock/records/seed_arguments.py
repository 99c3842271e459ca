"""Checks of the arguments with which a test seeds resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches

from connect_batchmock._text import listed, short
from connect_batchmock.domain.errors import ConnectBatchmockError, IdConflictError, NameConflictError
from connect_batchmock.domain.ids import PROFILE_ID, is_uuid
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.phone_numbers import is_e164
from connect_batchmock.domain.queue import Queue
from connect_batchmock.protocol.model import service_model


class SeedError(ConnectBatchmockError, ValueError):
    """A resource cannot be seeded.

    Attributes:
        parameter: the name of the parameter whose value is invalid.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@contextmanager
def reject_conflicts(id: str | None, name_parameter: str = "name") -> Iterator[None]:
    """Turn conflicts of names and ids into ``SeedError``.

    Args:
        id: the id that a test has chosen, or None.
        name_parameter: the name of the parameter with the name.

    Raises:
        SeedError: the id is invalid, or the name or the id is taken.
    """
    if id is not None and not is_uuid(id):
        raise SeedError(
            "id",
            f"id= takes a UUID in lower case, such as '0b1e2d3c-4f5a-4b6c-8d7e-9f0a1b2c3d4e', not {id!r}.",
        )
    try:
        yield
    except NameConflictError as conflict:
        raise SeedError(
            name_parameter,
            f"The instance already has a {conflict.kind} named {conflict.name!r}; pass another name, or "
            f"none.",
        ) from None
    except IdConflictError as conflict:
        raise SeedError(
            "id", f"Another resource already has the id {conflict.id!r}; pass another id, or none."
        ) from None


def check_text(taker: str, value: object) -> None:
    """Refuse a value that is neither a string nor None.

    Raises:
        TypeError: the value has another type.
    """
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{taker} takes a string, not {value!r}.")


def check_length(parameter: str, taker: str, value: object, shape: str) -> None:
    """Refuse a value that is no string, or not of the length of a shape in the model of Amazon Connect.

    Raises:
        TypeError: the value is not a string.
        SeedError: the string is shorter or longer than the shape allows.
    """
    if not isinstance(value, str):
        raise TypeError(f"{taker} takes a string, not {value!r}.")
    limits = service_model("connect").shape_for(shape).metadata
    if not limits["min"] <= len(value) <= limits["max"]:
        raise SeedError(
            parameter,
            f"{taker} takes {limits['min']} to {limits['max']} characters, not the {len(value)} of "
            f"{short(value)}.",
        )


def check_texts(taker: str, value: object) -> None:
    """Refuse a value that is not a mapping of strings to strings."""
    texts = [text for item in value.items() for text in item] if isinstance(value, Mapping) else [None]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{taker} takes a mapping of strings to strings, not {value!r}.")


def check_switch(taker: str, value: object) -> None:
    """Refuse a value that is not a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"{taker} takes True or False, not {value!r}.")


def check_number(parameter: str, taker: str, number: object) -> None:
    """Refuse a value that is not a number in E.164 format."""
    if not isinstance(number, str) or not is_e164(number):
        raise SeedError(
            parameter, f"{taker} takes a number in E.164 format, such as '+15555550100', not {number!r}."
        )


def check_share(parameter: str, value: object) -> None:
    """Refuse a value that is not a number from 0 to 1."""
    # bool is a subclass of int.
    if type(value) not in (int, float) or not 0 <= value <= 1:  # type: ignore[operator]  # a number by now
        raise SeedError(parameter, f"{parameter}= takes a number from 0 to 1, not {value!r}.")


def check_failure_code(code: object) -> None:
    """Refuse a code that no onboarding job of the model fails with.

    Raises:
        ValueError: the model has no such code.
    """
    codes = service_model("connectcampaignsv2").shape_for("InstanceOnboardingJobFailureCode").enum
    if code not in codes:
        raise ValueError(f"An onboarding job has no failure code {code!r}; the codes are {listed(codes)}.")


def queue_named(instance: Instance, name: str, parameter: str) -> Queue:
    """Return the queue of an instance with an id or a name.

    Raises:
        SeedError: the instance has no such queue.
    """
    queues = list(instance.queues.values())
    # An id belongs to one queue, but the name of another queue may be equal to it: ids come first.
    for queue in (*(queue for queue in queues if queue.id == name), *queues):
        if name in (queue.id, queue.name):
            return queue
    own = list(instance.own_queues)
    matches = get_close_matches(name, [queue.name for queue in own], n=1)
    hint = f"; did you mean {matches[0]!r}?" if matches else "."
    names = ", ".join(f"{queue.name!r} ({queue.id})" for queue in own)
    present = f"It has {names}." if own else "It has no queue; add one with instance.add_queue()."
    raise SeedError(
        parameter,
        f"The instance {instance.alias!r} has no queue with the id or name {name!r}{hint} {present}",
    )


def check_profile_id(id: object) -> None:
    """Refuse a value that is neither the id of a customer profile nor None.

    Raises:
        SeedError: the id is invalid.
    """
    if id is not None and not (isinstance(id, str) and PROFILE_ID.fullmatch(id)):
        raise SeedError(
            "id",
            f"id= takes 32 hexadecimal digits in lower case, such as '0b1e2d3c4f5a4b6c8d7e9f0a1b2c3d4e', "
            f"not {id!r}.",
        )


_MODES = ("progressive", "predictive", "preview", "agentless")


def campaign_modes() -> list[str]:
    """Return the dialing modes of campaigns that the installed model has."""
    # An older model has no preview mode, and could not describe a campaign that has it.
    modeled = service_model("connectcampaignsv2").shape_for("TelephonyOutboundMode").members
    return [known for known in _MODES if known in modeled]


def valid_mode(mode: str | None, queue: Queue | None) -> str:
    """Return the dialing mode of a campaign, by default the mode that fits its queue."""
    if mode is None:
        return "agentless" if queue is None else "progressive"
    valid = campaign_modes()
    if mode not in valid:
        raise SeedError("mode", f"A campaign has no mode {mode!r}; the modes are {listed(valid)}.")
    if mode != "agentless" and queue is None:
        raise SeedError(
            "mode", f"A campaign in {mode} mode dials for the agents of a queue; pass one with queue=."
        )
    return mode
