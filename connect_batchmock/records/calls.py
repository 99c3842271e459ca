"""The calls that the mock answered, and the items that failed, for a test to read and search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from connect_batchmock.engine.journal import Call, FailedRequest
from connect_batchmock.records import report
from connect_batchmock.records.sequence import Records

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.records.query_types import CallCriteria, FailedRequestCriteria


class Calls(Records[Call]):
    """The calls that the mock answered, in order. ``parameters`` and ``result`` match as subsets."""

    _noun = "call"
    _tells_little = ("at", "invocation_id", "skipped_delay")

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[CallCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[CallCriteria]) -> Call: ...  # type: ignore[override]

    def _criteria(self) -> Sequence[str]:
        return _names(Call)

    def _at_hand(self, item: Call, name: str) -> Any:
        return getattr(item, name)

    def _line(self, item: Call) -> str:
        return report.call_line(item)


class FailedRequests(Records[FailedRequest]):
    """Every item that came back failed, in order."""

    _noun = "failed request"

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[FailedRequestCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[FailedRequestCriteria]) -> FailedRequest: ...  # type: ignore[override]

    def _criteria(self) -> Sequence[str]:
        return _names(FailedRequest)

    def _at_hand(self, item: FailedRequest, name: str) -> Any:
        return getattr(item, name)

    def _line(self, item: FailedRequest) -> str:
        return report.failed_request_line(item)


def _names(record: type[Call] | type[FailedRequest]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record))
