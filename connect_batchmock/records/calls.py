"""The API calls that the mock answered, and the items that failed in them."""

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
    """The API calls that the mock answered, in order. ``parameters`` and ``result`` match as subsets."""

    noun = "call"
    _indistinct = ("at", "invocation_id", "skipped_delay")

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[CallCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[CallCriteria]) -> Call: ...  # type: ignore[override]

    def _criteria(self) -> Sequence[str]:
        return _names(Call)

    def _uncopied(self, item: Call, name: str) -> Any:
        return getattr(item, name)

    def _line(self, item: Call) -> str:
        return report.call_line(item)

    def _further(self, number: int) -> str:
        return ""


class FailedRequests(Records[FailedRequest]):
    """The items that an operation returned as failed, in order. ``item`` matches as a subset."""

    noun = "failed request"

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[FailedRequestCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[FailedRequestCriteria]) -> FailedRequest: ...  # type: ignore[override]

    def _criteria(self) -> Sequence[str]:
        return _names(FailedRequest)

    def _uncopied(self, item: FailedRequest, name: str) -> Any:
        return getattr(item, name)

    def _line(self, item: FailedRequest) -> str:
        return report.failed_request_line(item)


def _names(record: type[Call] | type[FailedRequest]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))
