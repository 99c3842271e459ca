"""The JSON Schema of state files: what is an error of a file, and can be said, is one of its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import botocore
import pytest
from checkout import DOCS, EXAMPLE
from jsonschema import Draft7Validator
from test_state_file import SYNTAX, WRONG
from tools import state_schema

from connect_batchmock.cli import main
from connect_batchmock.state.format import json_schema

try:
    import tomllib
except ImportError:
    import tomli as tomllib

BEYOND_A_SCHEMA: Mapping[str, str] = {
    "already has the id": "a schema does not compare the ids of several tables",
    "already has an instance with the alias": "a schema does not compare the names of several tables",
    "already has a queue named": "a schema does not compare the names of several tables",
    "already has a campaign named": "a schema does not compare the names of several tables",
    "cannot be claimed": "a schema does not compare the numbers of several tables",
    "no queue with the id or name": "a schema does not know the queues of the instance",
    "has no queue with the id 'b41e7c08": "a schema does not know the queues of the instance",
    'not "2026-02-30T09:00:00Z"': "a schema does not know how long a month is",
    "give its connectQueueId": "the service model, from which this part is made, does not say it",
    "must be after the startTime": "a schema does not compare two times",
}
"""The errors that a schema cannot say, by their message, with the reason."""


def errors_of(document: Any) -> list[str]:
    Draft7Validator.check_schema(json_schema())
    return [error.message for error in Draft7Validator(json_schema()).iter_errors(as_json(document))]


def as_json(value: Any) -> Any:
    """The value as JSON has it: a time with its offset is a string there, and no other time of TOML is."""

    def written(time: Any) -> Any:
        return time.isoformat() if getattr(time, "tzinfo", None) else {"time": str(time)}

    return json.loads(json.dumps(value, default=written))


@pytest.mark.parametrize(("content", "key", "message"), WRONG)
def test_an_error_of_a_file_is_an_error_of_its_schema(content: str, key: str, message: str) -> None:
    reasons = [reason for part, reason in BEYOND_A_SCHEMA.items() if part in message]

    assert bool(errors_of(tomllib.loads(content))) is not bool(reasons)


def test_each_reason_belongs_to_an_error() -> None:
    messages = [message for _, _, message in WRONG]

    assert [part for part in BEYOND_A_SCHEMA if not any(part in message for message in messages)] == []


def test_an_error_of_syntax_has_no_document_to_validate() -> None:
    def parsed() -> Iterator[str]:
        for content, name, _, message in SYNTAX:
            parse = tomllib.loads if name.endswith("toml") else json.loads
            try:
                parse(content)
            except (ValueError, RecursionError):
                continue
            yield message

    # JSON parsers take the last of two values.
    assert list(parsed()) == ["This key is repeated"]


def test_the_example_names_its_schema_and_has_it() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    named = re.search(r"\A#:schema (\S+)\n", text)

    assert named is not None
    assert (EXAMPLE.parent / named[1]).resolve() == state_schema.FILE
    assert errors_of(tomllib.loads(text)) == []


MADE_FROM = json.loads(state_schema.FILE.read_text(encoding="utf-8"))["$comment"]


@pytest.mark.skipif(
    not MADE_FROM.endswith(f"botocore {botocore.__version__}"),
    reason="the schema was made from another botocore, whose models differ",
)
def test_the_schema_is_not_stale() -> None:
    assert state_schema.FILE.read_text(encoding="utf-8") == state_schema.text(), (
        "run python tests/tools/state_schema.py"
    )


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0

    assert json.loads(capsys.readouterr().out) == json_schema()


def test_every_key_is_described_and_on_the_page() -> None:
    page = (DOCS / "how-to" / "seed-from-a-file.md").read_text(encoding="utf-8")
    keys = dict(keys_of(json_schema()))

    assert len(keys) > 30
    assert [key for key, description in keys.items() if not description] == []
    assert [key for key in keys if f"`{key}`" not in page and f"{key}]]`" not in page] == []


def keys_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys that a state file declares, with their descriptions; those of the service model have none."""
    for name, value in schema.get("properties", {}).items():
        if "description" in value:
            yield name, value["description"]
            yield from keys_of(value)
    for part in (schema.get("items"), *schema.get("anyOf", [])):
        if part is not None:
            yield from keys_of(part)
