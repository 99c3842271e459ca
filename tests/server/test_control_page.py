"""The page of the HTTP API names every path, and its examples work."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from checkout import DOCS, EXAMPLE
from factories import item_for
from http_client import HttpClient
from http_response import HttpResponse

from connect_batchmock import ConnectMock
from connect_batchmock._matching import differences
from connect_batchmock.server.control.changes import ChangeFeed
from connect_batchmock.server.control.endpoints import Control

PAGE = (DOCS / "reference" / "http-api.md").read_text(encoding="utf-8")
BLOCKS = re.compile(r"^```(console|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "…"


@dataclass
class Command:
    """A line of curl."""

    path: str
    body: str | None
    expected: Any = None

    def run(self, http: HttpClient) -> HttpResponse:
        if self.path.endswith("/stream") or "/stream?" in self.path:
            return HttpResponse(200, {}, http.follow(self.path, 1)[0]["data"].encode())
        return http.ask("GET" if self.body is None else "POST", self.path, (self.body or "").encode())


class Anything:
    """Equals every value, or every text with the beginning that the page shows."""

    def __init__(self, beginning: str) -> None:
        self.beginning = beginning

    def __eq__(self, other: object) -> bool:
        return not self.beginning or (isinstance(other, str) and other.startswith(self.beginning))

    __hash__ = None  # type: ignore[assignment]  # it is equal to many values


def commands() -> list[Command]:
    found: list[Command] = []
    variables = {"MOCK": ""}
    for kind, text in BLOCKS.findall(PAGE):
        if kind == "console":
            found += _commands_in(text, variables)
        else:
            answer = text.partition("data: ")[2] if kind == "text" else text
            found[-1].expected = _with_anything(json.loads(answer))
    return found


def _commands_in(text: str, variables: dict[str, str]) -> Iterator[Command]:
    for line in text.replace("\\\n", "").splitlines():
        said = line.removeprefix("$ ")
        for name, value in variables.items():
            said = said.replace(f"${name}", value)
        assigned = re.fullmatch(r'([A-Z]+)="(.*)"', said)
        if assigned:
            variables[assigned[1]] = assigned[2]
        else:
            yield _command(shlex.split(said))


def _command(words: list[str]) -> Command:
    assert words.pop(0) == "curl"
    path, body, query = "", None, []
    while words:
        word = words.pop(0)
        if word == "--json":
            body = words.pop(0)
        elif word == "--data-urlencode":
            name, _, value = words.pop(0).partition("=")
            query.append(f"{name}={quote(value)}")
        elif word not in ("-N", "-G"):
            path = word.removeprefix("/")
    return Command("?".join([path, "&".join(query)]) if query else path, body)


def _with_anything(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_anything(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_with_anything(entry) for entry in value]
    left_out = isinstance(value, str) and value.endswith(LEFT_OUT)
    return Anything(value.removesuffix(LEFT_OUT)) if left_out else value


def paths() -> set[str]:
    mock = ConnectMock()
    control = Control(mock, ChangeFeed(mock._served()))
    return {*control.reads(), *control.acts(), *control.waits(), "changes/stream", "events/stream"}


def as_template(path: str) -> str:
    return re.sub(r"^(\w+)/[0-9a-f-]{36}/", r"\1/{id}/", path.partition("?")[0])


def test_every_path_is_on_the_page() -> None:
    listed = set(re.findall(r"^\| `([a-z_/{}]+)` \|", PAGE, re.MULTILINE))
    assert listed | {"changes/stream", "events/stream"} == paths()


def test_every_path_has_an_example() -> None:
    assert {as_template(command.path) for command in commands()} == paths()


def test_every_example_answers_what_the_page_says() -> None:
    mock = ConnectMock(state=EXAMPLE)
    instance = mock.instances[0]
    queue, campaign = instance.queues[0], instance.campaigns[0]
    item = item_for(queue, campaign, RequestIdentifier="lead-7", Attributes={"lead": "7"})
    batch = [item, {"RequestIdentifier": "lead-8"}]
    mock.client().batch_put_contact(InstanceId=instance.id, ContactDataRequestList=batch)
    http = HttpClient(mock)
    for command in commands():
        answer = command.run(http)
        expected = command.expected or {}
        assert answer.status == 200 or "error" in expected, (command, answer)
        assert list(differences(expected, answer.json)) == [], command
