"""What is wrong with the settings of a mock."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock._text import listed


def unknown_setting(name: str, valid: Sequence[str]) -> str:
    return f"connect_mock has no setting {name!r}; there are {listed(valid)}."


def setting_of_wrong_type(name: str, value: object, expected: str) -> str:
    return f"connect_mock's setting {name} takes {expected}, not {value!r} ({type(value).__name__})."


def setting_without_such_value(name: str, value: object, valid: Sequence[str]) -> str:
    return f"connect_mock's setting {name} takes {' or '.join(map(repr, valid))}, not {value!r}."


def not_an_account_id(value: object) -> str:
    return f"connect_mock's setting account_id takes twelve digits, not {value!r}."


def setting_too_small(name: str, value: object, least: int) -> str:
    return f"connect_mock's setting {name} takes a whole number from {least} on, not {value!r}."


def settings_not_a_dict(where: str, settings: object) -> str:
    return f"{where} is to be a dict of settings, not {settings!r}."


def marker_with_positional_settings(test: str, given: tuple[object, ...]) -> str:
    return f"{test}: the marker connect_mock takes settings by keyword, not {given!r}."
