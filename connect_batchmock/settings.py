"""The settings of a mock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from os import PathLike
from typing import Any, Literal, TypedDict, get_args

from connect_batchmock._text import listed
from connect_batchmock.domain.ids import is_account_id

Caller = Literal["campaigns", "customer"]
Unfaked = Literal["error", "moto", "passthrough"]
Credentials = Literal["fake", "keep"]
Quotas = Literal["none", "aws"]

CHOICES: Mapping[str, tuple[str, ...]] = {
    "caller": get_args(Caller),
    "unfaked": get_args(Unfaked),
    "credentials": get_args(Credentials),
    "quotas": get_args(Quotas),
}
MINIMUMS: Mapping[str, int] = {"concurrent_calls": 1, "pending_requests": 0, "requests_per_second": 0}

ACCESS_KEY, SECRET_KEY = "connect-batchmock", "connect-batchmock"
"""The fake credentials that sign requests while a mock is active. AWS does not accept them."""


@dataclass(frozen=True)
class Settings:
    """The settings of one mock.

    Args:
        region: the default region of clients and of ``add_instance``.
        account_id: the AWS account of every caller, twelve digits.
        caller: the principal of every request: ``campaigns`` is the service principal of outbound campaigns,
            the only one that may call BatchPutContact; ``customer`` is any other principal, which
            BatchPutContact refuses with ``AccessDeniedException``.
        strict: whether leaving the mock without an exception asserts that no planned fault is pending, and
            that no operation without a fake was called.
        unfaked: what happens to a call of an operation without a fake: ``error`` raises
            ``UnfakedOperationError``; ``moto`` lets moto answer it, and raises ``UnfakedOperationError``
            where moto is not active or does not answer; ``passthrough`` passes it on to another mock or to
            AWS.
        credentials: ``fake`` replaces the credentials and the AWS configuration of the user while the mock is
            active; ``keep`` leaves them in place for other services.
        seed: the seed of the generated ids. Mocks with the same seed generate the same ids.
        quotas: ``aws`` limits the resources that API calls create, and the active campaigns, to the default
            quotas of AWS; ``none`` limits only the campaigns of an instance, to 500.
        concurrent_calls: the maximum of simultaneous campaign phone calls of an instance, from 1 on.
        pending_requests: the maximum of dial requests of a campaign that wait for dialing; 0 for no limit.
        requests_per_second: the maximum of dial requests that a campaign accepts per second; 0 for no limit.
        state: the path of a .toml or .json file with instances, queues, campaigns and phone numbers, which
            the mock seeds. A relative path is relative to the current directory.
    """

    region: str = "us-east-1"
    account_id: str = "123456789012"
    caller: Caller = "campaigns"
    strict: bool = True
    unfaked: Unfaked = "error"
    credentials: Credentials = "fake"
    seed: int = 0
    quotas: Quotas = "none"
    concurrent_calls: int = 1000
    pending_requests: int = 0
    requests_per_second: int = 0
    state: str | PathLike[str] | None = None

    @classmethod
    def of(cls, keywords: Mapping[str, Any]) -> Settings:
        """Return the settings for some keywords.

        Args:
            keywords: settings by their names.

        Raises:
            TypeError: a setting is unknown, or its value has the wrong type.
            ValueError: the value of a setting is invalid.
        """
        for name, value in keywords.items():
            _check(name, value)
        return cls(**keywords)


class ConnectMockSettings(TypedDict, total=False):
    """The settings as keywords, for type checkers; :class:`Settings` describes each of them."""

    region: str
    account_id: str
    caller: Caller
    strict: bool
    unfaked: Unfaked
    credentials: Credentials
    seed: int
    quotas: Quotas
    concurrent_calls: int
    pending_requests: int
    requests_per_second: int
    state: str | PathLike[str] | None


_TYPES: Mapping[str, type] = {field.name: type(field.default) for field in fields(Settings)}


def _check_state(value: object) -> None:
    # The mock reads the file when it is made, and raises an error if the file does not exist.
    if value is not None and not isinstance(value, (str, PathLike)):
        raise TypeError(
            f"connect_mock's setting state takes the path of a .toml or .json file, as a string or a path "
            f"object, not {value!r} ({type(value).__name__})."
        )


def _check(name: str, value: object) -> None:
    if name not in _TYPES:
        raise TypeError(f"connect_mock has no setting {name!r}; the settings are {listed(list(_TYPES))}.")
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
            f"connect_mock's setting {name} takes an integer from {MINIMUMS[name]} on, not {value!r}."
        )
    if name == "region":
        # Imported late: settings without a region do not load botocore.
        from connect_batchmock.protocol.model import check_region

        check_region("connect_mock's setting region", str(value))
