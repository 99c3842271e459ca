"""A served mock survives hostile input, and the responses keep the invariants."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fuzzed_process import Size
from hostile_connections import KINDS
from hostile_requests import MUTATIONS, hostile
from http_response import HttpResponse
from invariants import violation_of
from signed_requests import signed

FUZZER = Path(__file__).with_name("fuzzing.py")
INSTANCE = "00000000-0000-4000-8000-000000000000"
ITEM = {"RequestIdentifier": "lead", "Campaign": {"CampaignId": INSTANCE}}
BATCH = signed("connect", "BatchPutContact", {"InstanceId": INSTANCE, "ContactDataRequestList": [ITEM]})
OURS = {"x-amzn-requestid": INSTANCE, "content-type": "application/json"}


def test_hostile_requests_change_nothing() -> None:
    """The same with ``--requests 100000`` is for a quiet hour."""
    done = subprocess.run(
        [sys.executable, str(FUZZER), "--requests", "500", "--seed", "8"],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("seed 8: 500 requests in ")
    assert "\nwrong: 0\n" in done.stdout


def test_a_process_that_has_grown_is_found() -> None:
    before, more = Size(80, 5, 7), Size(64, 70, 20)

    assert not Size(140, 60, 20).exceeds(before, more)
    assert Size(150, 5, 7).exceeds(before, more)
    assert Size(80, 80, 7).exceeds(before, more)
    assert Size(80, 5, 30).exceeds(before, more)


def test_a_seed_gives_the_same_requests() -> None:
    def drawn(seed: int) -> list[bytes]:
        random = Random(seed)
        return [hostile(random, BATCH).encoded() for _ in range(200)]

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.parametrize("mutation", [mutation for mutation in MUTATIONS if mutation.__name__ != "untouched"])
def test_a_mutation_leaves_no_request_as_it_was(mutation: object) -> None:
    assert callable(mutation)
    drawn = {mutation(Random(seed), BATCH).encoded() for seed in range(40)}
    assert len(drawn - {BATCH.encoded()}) > 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_connection_has_its_variants(kind: object) -> None:
    assert callable(kind)
    assert len({kind(Random(seed), BATCH) for seed in range(30)}) > 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HttpResponse(500, {}, b"Internal Server Error"), "an answer that is nobody's"),
        (HttpResponse(200, {}, b"<html>"), "an answer that is nobody's"),
        (HttpResponse(404, {}, b"Traceback (most recent call last)"), "a refusal that is no short sentence"),
        (HttpResponse(400, {}, b"x" * 9_000), "a refusal that is no short sentence"),
        (
            HttpResponse(500, OURS | {"x-amzn-errortype": "InternalFailure"}, b"{}"),
            "an error with a status of",
        ),
        (
            HttpResponse(400, OURS | {"x-amzn-errortype": "Oops"}, b"{}"),
            "an error that the model does not have",
        ),
        (
            HttpResponse(404, OURS | {"x-amzn-errortype": "ResourceNotFoundException"}, b"[]"),
            "an error without an",
        ),
        (HttpResponse(201, OURS, b"{}"), "a result with another status"),
        (
            HttpResponse(200, OURS, b'{"FailedRequestList": [{"FailureReasonCode": "OOPS"}]}'),
            "a result that breaks",
        ),
    ],
)
def test_an_invalid_response_has_a_violation(answer: HttpResponse, expected: str) -> None:
    found = violation_of(BATCH, answer)

    assert found is not None
    assert found.startswith(expected)


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(200, OURS, b'{"SuccessfulRequestList": [], "FailedRequestList": []}'),
        HttpResponse(
            404, OURS | {"x-amzn-errortype": "ResourceNotFoundException"}, b'{"Message": "It is away."}'
        ),
        HttpResponse(403, {}, b"The Host is another's."),
        HttpResponse(501, {}, b"It has no fake."),
    ],
)
def test_a_valid_response_has_no_violation(answer: HttpResponse) -> None:
    assert violation_of(BATCH, answer) is None
