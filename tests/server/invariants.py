"""The invariants of a response: a valid result, an error of the model, or a short refusal."""

from __future__ import annotations

import json
from typing import Any

from botocore.parsers import create_parser
from http_response import HttpResponse
from model_departures import is_departure
from signed_requests import Wire

from connect_batchmock.protocol.errors import COMMON_ERRORS, modeled_errors
from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.model import SERVICES
from connect_batchmock.protocol.routing import Route, route, services_of
from connect_batchmock.protocol.validation import violations

CONTROL = "/_mock"
LONGEST_REFUSAL = 2_000
LONGEST_STORY = 20_000
"""The maximum length of a failed assertion, which shows the calls."""


def is_refusal(status: int) -> bool:
    """Whether a status refuses a request, and does not admit to a failure of the server."""
    return 400 <= status < 500 or status in (501, 505)


def violation_of(wire: Wire, answer: HttpResponse) -> str | None:
    """Return the violation of a response, or None."""
    if "x-amzn-requestid" not in answer.headers:
        return _violation_of_plain_response(wire, answer)
    matched = _route(wire)
    if matched is None or "x-amzn-errortype" in answer.headers:
        return _violation_of_error(matched, answer)
    return _violation_of_result(matched, answer)


def _violation_of_plain_response(wire: Wire, answer: HttpResponse) -> str | None:
    if is_refusal(answer.status):
        # A message may quote the request, with each character escaped.
        is_story = answer.status == 409 and wire.target.startswith(CONTROL)
        most = (LONGEST_STORY if is_story else LONGEST_REFUSAL) + 6 * len(wire.encoded())
        is_sentence = len(answer.body) <= most and b"Traceback" not in answer.body
        return None if is_sentence else "a refusal that is no short sentence"
    is_own = wire.target.startswith(CONTROL) or wire.method in ("HEAD", "OPTIONS")
    return None if is_own and answer.status < 400 else "an answer that is nobody's"


def _route(wire: Wire) -> Route | None:
    # A server reads Latin-1, whatever was meant.
    headers = {name.lower(): value.encode().decode("latin-1") for name, value in wire.headers}
    request = Request(wire.method, f"http://127.0.0.1{wire.target}", headers, wire.body)
    # An unsigned request is accepted if its path belongs to one service.
    return route(services_of(request) or SERVICES, request.method, request.url)


def _violation_of_error(matched: Route | None, answer: HttpResponse) -> str | None:
    if not is_refusal(answer.status):
        return "an error with a status of its own"
    code = answer.headers.get("x-amzn-errortype", "")
    modeled = [] if matched is None else modeled_errors(matched.operation)
    if code not in (*COMMON_ERRORS, *modeled):
        return f"an error that the model does not have: {code!r}"
    if not answer.body:
        return None
    return None if isinstance(json.loads(answer.body), dict) else "an error without an object"


def _violation_of_result(matched: Route, answer: HttpResponse) -> str | None:
    shape = matched.operation.output_shape
    if answer.status != matched.operation.http.get("responseCode", 200):
        return "a result with another status than the model's"
    if shape is None or not answer.body:
        return None
    parsed: dict[str, Any] = create_parser("rest-json").parse(
        {"status_code": answer.status, "headers": dict(answer.headers), "body": answer.body}, shape
    )
    parsed.pop("ResponseMetadata")
    broken = [violation for violation in violations(shape, parsed) if not is_departure(violation)]
    return f"a result that breaks the model: {broken}" if broken else None
