"""The command ``connect-batchmock verify``: it tries the scenarios on an emulator or on an account of AWS."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, UnknownRegionError

from connect_batchmock._text import listed
from connect_batchmock.verification.catalog import SCENARIOS
from connect_batchmock.verification.report import Anonymizer, document, table
from connect_batchmock.verification.scenario import Result, Scenario, try_scenario
from connect_batchmock.verification.scenarios.resources import entries
from connect_batchmock.verification.story import Clients, code_of

HOLDS, DIFFERS, INTERRUPTED = 0, 1, 130
"""The exit codes; 2 is for a command that could not begin."""

_SERVICES = ("connect", "connectcampaigns", "connectcampaignsv2")
_AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_CONFIG: dict[str, Any] = {
    # The service judges the parameters, not botocore.
    "parameter_validation": False,
    "retries": {"mode": "standard", "max_attempts": 6},
    "connect_timeout": 5,
    "read_timeout": 30,
}


class CannotBeginError(Exception):
    """The verification cannot begin; the message says why and what to do."""


def run(options: argparse.Namespace) -> int:
    """Try the scenarios, print a table, and write the report if that is wanted.

    Args:
        options: the options of the command.

    Returns:
        The exit code: 0 where nothing differs, 1 where something does, 130 after an interrupt.

    Raises:
        CannotBeginError: an option is invalid, or the endpoint cannot be used.
    """
    scenarios = _chosen(options.only)
    if options.list:
        _print(f"{scenario.kind:<6}  {scenario.id}  {scenario.summary}" for scenario in scenarios)
        return HOLDS
    _check_output(options.output)
    session, clients, instance_id = _connected(options)
    anonymizer = Anonymizer(_secrets_of(session))
    results, left, is_interrupted = _try_all(scenarios, clients, instance_id, _may_write(options))
    _print(table(results, anonymizer))
    _print(f"Not deleted: {resource}" for resource in left)
    if is_interrupted:
        _print(["Interrupted." if left else "Interrupted; nothing that was created is left."])
        return INTERRUPTED
    if options.output is not None:
        options.output.write_text(
            document(results, "aws" if options.aws else "emulator", anonymizer), encoding="utf-8"
        )
    return DIFFERS if any(result.verdict == "differs" for result in results) else HOLDS


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _chosen(ids: Sequence[str]) -> list[Scenario]:
    for scenario_id in ids:
        if scenario_id not in SCENARIOS:
            near = difflib.get_close_matches(scenario_id, SCENARIOS, n=3)
            hint = f"The nearest are {listed(near)}." if near else "--list prints all."
            raise CannotBeginError(f"--only {scenario_id!r} is no scenario. {hint}")
    return [SCENARIOS[scenario_id] for scenario_id in dict.fromkeys(ids or SCENARIOS)]


def _check_output(path: Path | None) -> None:
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise CannotBeginError(
            f"--output {str(path)!r} cannot be written: name a file in an existing directory."
        )


def _may_write(options: argparse.Namespace) -> bool:
    return bool(options.allow_writes or not options.aws)


def _try_all(
    scenarios: Sequence[Scenario], clients: Clients, instance_id: str, may_write: bool
) -> tuple[list[Result], list[str], bool]:
    """Return the results, the resources that are left, and whether the run was interrupted."""
    results: list[Result] = []
    left: list[str] = []
    try:
        for scenario in scenarios:
            if scenario.kind == "writes" and not may_write:
                results.append(
                    Result(scenario, "not tried", "It creates resources: --allow-writes permits it.")
                )
            else:
                results.append(try_scenario(scenario, clients, instance_id, left))
    except KeyboardInterrupt:
        return results, left, True
    return results, left, False


def _connected(options: argparse.Namespace) -> tuple[boto3.Session, Clients, str]:
    """Return a session, its clients and the id of an instance that exists."""
    if options.aws == (options.endpoint_url is not None):
        raise CannotBeginError(
            "Name what to verify: --endpoint-url URL for an emulator, or --aws --region REGION "
            "--instance-id ID for an account of AWS."
        )
    session, extra = _aws(options) if options.aws else _emulator(options)
    config = Config(**_CONFIG, ignore_configured_endpoint_urls=True)
    clients = Clients(*(session.client(service, config=config, **extra) for service in _SERVICES))
    try:
        return session, clients, _instance_of(clients, options)
    except (BotoCoreError, ClientError) as error:
        raise CannotBeginError(_reason(error, options)) from error


def _aws(options: argparse.Namespace) -> tuple[boto3.Session, dict[str, Any]]:
    if options.region is None or options.instance_id is None:
        raise CannotBeginError(
            "--aws takes --region REGION and --instance-id ID: a run is about one instance."
        )
    session = boto3.Session(region_name=options.region)
    try:
        session.get_partition_for_region(options.region)
    except UnknownRegionError as error:
        regions = listed(session.get_available_regions("connect"))
        raise CannotBeginError(
            f"--region {options.region!r} is no region of AWS; Connect is in {regions}."
        ) from error
    if session.get_credentials() is None:
        raise CannotBeginError(
            "--aws needs credentials, and boto3 finds none: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY."
        )
    return session, {}


def _emulator(options: argparse.Namespace) -> tuple[boto3.Session, dict[str, Any]]:
    parts = urlsplit(options.endpoint_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CannotBeginError(
            f"--endpoint-url takes a URL such as http://127.0.0.1:4577, not {options.endpoint_url!r}."
        )
    if parts.hostname.endswith(_AWS_HOSTS):
        raise CannotBeginError(
            f"--endpoint-url is for emulators, and {parts.hostname} is a host of AWS: use --aws, which "
            f"only reads unless --allow-writes permits more."
        )
    session = boto3.Session(
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name=options.region or "us-east-1",
    )
    return session, {"endpoint_url": options.endpoint_url}


def _secrets_of(session: boto3.Session) -> list[str]:
    credentials = session.get_credentials()
    assert credentials is not None, "a session that has connected has credentials"
    frozen = credentials.get_frozen_credentials()
    return [secret for secret in frozen if secret and secret != "testing"]


def _instance_of(clients: Clients, options: argparse.Namespace) -> str:
    if options.instance_id is not None:
        clients.connect.describe_instance(InstanceId=options.instance_id)
        return str(options.instance_id)
    instances = entries(clients.connect.list_instances, "InstanceSummaryList")
    if not instances:
        raise CannotBeginError(
            f"{options.endpoint_url} has no instance in {clients.connect.meta.region_name}: create one, "
            f"since no scenario does."
        )
    return str(instances[0]["Id"])


def _reason(error: Exception, options: argparse.Namespace) -> str:
    where = f"AWS in {options.region}" if options.aws else options.endpoint_url
    if isinstance(error, ClientError) and code_of(error) == "ResourceNotFoundException":
        return (
            f"{where} has no instance {options.instance_id!r}: name one of its instances with --instance-id."
        )
    return f"{where} cannot be verified: {error}"
