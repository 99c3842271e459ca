"""What a mock can be told when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from os import PathLike
from typing import Any, Literal, TypedDict, get_args

from connect_batchmock._text import listed
from connect_batchmock.domain.ids import is_account_id

Caller = Literal["campaigns", "customer"]
Unfaked = Literal["error", "passthrough"]
Credentials = Literal["fake", "keep"]

CHOICES: Mapping[str, tuple[str, ...]] = {
    "caller": get_args(Caller),
    "unfaked": get_args(Unfaked),
    "credentials": get_args(Credentials),
}
MINIMUMS: Mapping[str, int] = {"concurrent_calls": 1, "pending_requests": 0, "requests_per_second": 0}

ACCESS_KEY, SECRET_KEY = "connect-batchmock", "connect-batchmock"
"""The credentials that requests are signed with while a mock is active. They open nothing."""


@dataclass(frozen=True)
class Settings:
    """The settings of one mock.

    Args:
        region: the region in which ``add_instance()`` adds an instance, and the default region of clients.
        account_id: the account of every caller, twelve digits.
        caller: ``campaigns`` plays the campaigns service principal, which alone may call BatchPutContact;
            ``customer`` plays everybody else, and gets AccessDeniedException.
        strict: whether leaving the mock without an exception raises AssertionError for a planned fault that
            never happened, or for an operation without a fake whose error the application swallowed.
        unfaked: what an operation without a fake does: ``error`` raises UnfakedOperationError,
            ``passthrough`` sends the request on.
        credentials: ``fake`` hides the user's credentials and configuration while the mock is active,
            ``keep`` leaves them in place for other services.
        seed: the seed of all ids, which are the same UUIDs in every run.
        concurrent_calls: how many phone calls of campaigns an instance may have at the same time.
        pending_requests: how many dial requests of a campaign may wait to be dialed; 0 for any number.
        requests_per_second: how many dial requests a campaign accepts in a second; 0 for any number.
        state: the path of a .toml or .json file with instances, queues, campaigns and phone numbers. A
            relative path starts at the current directory.
    """

    region: str = "us-east-1"
    account_id: str = "123456789012"
    caller: Caller = "campaigns"
    strict: bool = True
    unfaked: Unfaked = "error"
    credentials: Credentials = "fake"
    seed: int = 0
    concurrent_calls: int = 1000
    pending_requests: int = 0
    requests_per_second: int = 0
    state: str | PathLike[str] | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Settings:
        """Return the settings given by keyword.

        Raises:
            TypeError: there is no such setting, or its value has the wrong type.
            ValueError: the setting has no such value.
        """
        for name, value in given.items():
            _check(name, value)
        return cls(**given)


class ConnectMockSettings(TypedDict, total=False):
    """The settings as keywords, for type checkers; :class:`Settings` says what each one means."""

    region: str
    account_id: str
    caller: Caller
    strict: bool
    unfaked: Unfaked
    credentials: Credentials
    seed: int
    concurrent_calls: int
    pending_requests: int
    requests_per_second: int
    state: str | PathLike[str] | None


_TYPES: Mapping[str, type] = {field.name: type(field.default) for field in fields(Settings)}


def _check_state(value: object) -> None:
    # Whether there is such a file is seen when a mock is made: it is read then.
    if value is not None and not isinstance(value, (str, PathLike)):
        raise TypeError(
            f"connect_mock's setting state takes the path of a .toml or .json file, as a text or a path, "
            f"not {value!r} ({type(value).__name__})."
        )


def _check(name: str, value: object) -> None:
    if name not in _TYPES:
        raise TypeError(f"connect_mock has no setting {name!r}; there are {listed(list(_TYPES))}.")
    if name == "state":
        _check_state(value)
        return
    if type(value) is not _TYPES[name]:
        raise TypeError(
            f"connect_mock's setting {name} takes {_TYPES[name].__name__}, not {value!r} "
            f"({type(value).__name__})."
        )
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(
            f"connect_mock's setting {name} takes {' or '.join(map(repr, CHOICES[name]))}, not {value!r}."
        )
    if name == "account_id" and not is_account_id(str(value)):
        raise ValueError(f"connect_mock's setting account_id takes twelve digits, not {value!r}.")
    if name in MINIMUMS and int(str(value)) < MINIMUMS[name]:
        raise ValueError(
            f"connect_mock's setting {name} takes a whole number from {MINIMUMS[name]} on, not {value!r}."
        )
    if name == "region":
        # Loaded late: a run whose settings name no region does not load botocore for them.
        from connect_batchmock.protocol.model import check_region

        check_region("connect_mock's setting region", str(value))
