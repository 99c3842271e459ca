"""The report of a verification: a table for a terminal, and JSON for others to read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

import botocore

from connect_batchmock._matching import Absent
from connect_batchmock._text import short, wrapped
from connect_batchmock.verification.scenario import Result
from connect_batchmock.verification.story import PREFIX

_ANONYMOUS = re.compile(
    rf"(?P<name>{PREFIX}[0-9a-f]+)"
    r"|(?P<principal>arn:[\w-]+:(?:iam|sts)::[^\s\"']+)"
    r"|(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"|(?P<key>\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b)"
    r"|(?P<account>(?<![\d.])\d{12}(?![\d.]))"
    r"|(?P<number>\+[1-9]\d{6,14}\b)",
    re.IGNORECASE,
)
"""What a report replaces: it is made to be shown to others."""


class Anonymizer:
    """Replaces ids, names, phone numbers and accounts by numbered words, the same one for equal values.

    Args:
        secrets: further texts that never appear, such as the credentials of the client.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = [secret for secret in secrets if secret]
        self._words: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def hide(self, value: Any) -> Any:
        """Return a value as JSON has it, with all its texts anonymous."""
        if isinstance(value, Mapping):
            return {self._text(str(name)): self.hide(member) for name, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.hide(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self._text(value.isoformat() if isinstance(value, datetime) else str(value))

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "secret")
        return _ANONYMOUS.sub(self._word, text)

    def _word(self, match: re.Match[str]) -> str:
        value, kind = match[0], str(match.lastgroup)
        if value not in self._words:
            self._counts[kind] += 1
            self._words[value] = f"{kind}-{self._counts[kind]}"
        return self._words[value]


def document(results: Sequence[Result], endpoint: str, anonymizer: Anonymizer) -> str:
    """Return the report as JSON.

    Args:
        results: the results.
        endpoint: ``aws`` or ``emulator``.
        anonymizer: makes ids and numbers anonymous.
    """
    content = {
        "endpoint": endpoint,
        "date": datetime.now(timezone.utc).date().isoformat(),
        "botocore": botocore.__version__,
        "scenarios": [_entry(result, anonymizer) for result in results],
    }
    return json.dumps(content, indent=2) + "\n"


def _entry(result: Result, anonymizer: Anonymizer) -> dict[str, Any]:
    reason = {"reason": anonymizer.hide(result.reason)} if result.reason else {}
    return {
        "id": result.scenario.id,
        "decision": result.scenario.decision,
        "result": result.verdict,
        **reason,
        "expected": anonymizer.hide(result.expected),
        "observed": anonymizer.hide(result.observed),
    }


def table(results: Sequence[Result], anonymizer: Anonymizer) -> Iterator[str]:
    """Yield the lines of the report for a terminal: each scenario, its differences, and the totals."""
    for result in results:
        yield f"{result.verdict:<9}  {result.scenario.id}"
        yield from _details(result, anonymizer)
    counts = Counter(result.verdict for result in results)
    yield (
        f"{counts['holds']} hold, {counts['differs']} differ, {counts['not tried']} could not be tried, "
        f"of {len(results)}."
    )


def _details(result: Result, anonymizer: Anonymizer) -> Iterator[str]:
    indent = " " * 11
    if result.verdict == "not tried":
        yield wrapped(anonymizer.hide(result.reason), indent)
    if result.verdict == "differs":
        yield wrapped(result.scenario.summary, indent)
        for path, expected, observed in result.differences:
            values = ", observed ".join(_shown(value, anonymizer) for value in (expected, observed))
            yield wrapped(f"{anonymizer.hide(path)}: expected {values}", indent)


def _shown(value: Any, anonymizer: Anonymizer) -> str:
    return repr(value) if isinstance(value, Absent) else short(anonymizer.hide(value))
