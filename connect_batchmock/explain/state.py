"""What is wrong with state files and snapshots."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, time
from difflib import get_close_matches

from connect_batchmock._text import cut, listed, with_article

# State files and snapshots

STATE_FILE = "state file"


def in_state_file(file: str, line: int | None, key: str | None, sentence: str) -> str:
    place = [file] if line is None else [file, f"line {line}"]
    return f"{', '.join([*place, key] if key else place)}: {sentence}"


def not_a_path(value: object) -> str:
    return (
        f"connect_mock's setting state takes the path of a .toml or .json file, as a text or a path, not "
        f"{value!r} ({type(value).__name__})."
    )


def state_of_unknown_kind(suffixes: Sequence[str]) -> str:
    return f"A state file is known by the end of its name, which is {' or '.join(suffixes)}."


def state_not_readable(why: str, absolute: str) -> str:
    return (
        f"The state file cannot be read ({why}): it was looked for at {absolute}. A relative path is "
        f"relative to the current directory, and under pytest to its root directory first."
    )


def state_not_utf_8(byte: int) -> str:
    return f"The state file is not UTF-8: there is a byte 0x{byte:02x}. Save it with the encoding UTF-8."


def state_syntax(language: str, why: str) -> str:
    return f"This is not {language}: {why}."


def state_too_deep() -> str:
    return "The lists and tables are nested too deep to be read."


def repeated_key_in_state() -> str:
    return "The key stands here once more; take one of the two away."


def unknown_key_in_state(noun: str, key: str, valid: Sequence[str]) -> str:
    there = f"There are {listed(valid)}." if valid else "It takes none."
    return f"{with_article(noun).capitalize()} has no {key!r}{_meant(key, valid)} {there}"


def missing_key_in_state(noun: str, key: str) -> str:
    return f"{with_article(noun).capitalize()} needs a {key!r}, which is missing here."


def wrong_type_in_state(value: object, expected: str) -> str:
    # As the file says it, and not as Python does.
    is_date = isinstance(value, (date, time))
    found = str(value) if is_date else json.dumps(value, ensure_ascii=False, default=str)
    return f"This takes {expected}, not {cut(found, 120)}."


def list_of_tables(key: str) -> str:
    return f"a list of tables, such as [[{key}]] in TOML or [{{...}}] in JSON"


def no_such_campaign_state(state: str, valid: Sequence[str]) -> str:
    return f"A campaign cannot begin as {state!r}{_meant(state, valid)} There are {listed(valid)}."


def _meant(given: str, valid: Sequence[str]) -> str:
    nearest = get_close_matches(given, valid, n=1)
    return f"; did you mean {nearest[0]!r}?" if nearest else "."


def not_a_snapshot(given: object) -> str:
    return f"connect_mock.restore takes what connect_mock.snapshot returned, not {given!r}."


def snapshot_of_another_mock() -> str:
    return "The snapshot is of another mock; a mock goes back to snapshots of its own."


def not_while_something_happens(method: str) -> str:
    return (
        f"connect_mock.{method} was called by a function that the mock is calling, in the middle of what "
        f"happens. Call it when the mock has returned."
    )
