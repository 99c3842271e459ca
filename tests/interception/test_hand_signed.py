"""Requests that an application signs itself get the responses of a client's calls."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto import mock_aws
from requests.adapters import HTTPAdapter
from requests_aws4auth import AWS4Auth
from responses.matchers import json_params_matcher, query_param_matcher, request_kwargs_matcher
from responses.registries import OrderedRegistry

from connect_batchmock import ConnectMock, UnfakedOperationError, mock_connect

Put = Callable[..., requests.Response]
HOST = "https://connect.us-east-1.amazonaws.com"


def url_for(mock: ConnectMock, host: str = HOST) -> str:
    return f"{host}/contact/batch/{mock.add_instance().id}"


def signed_by_botocore(url: str, body: Any, key: str = "AKIA") -> requests.Response:
    request = AWSRequest("PUT", url, data=body, headers={"content-type": "application/json"})
    SigV4Auth(Credentials(key, "secret"), "connect", "us-east-1").add_auth(request)
    return requests.put(url, data=body, headers=dict(request.headers))


def signed_by_aws4auth(url: str, body: Any, key: str = "AKIA") -> requests.Response:
    return requests.put(url, data=body, auth=AWS4Auth(key, "secret", "us-east-1", "connect"))


BODY = json.dumps({"ContactDataRequestList": [{"RequestIdentifier": "a"}]})


@pytest.fixture(params=[signed_by_botocore, signed_by_aws4auth])
def put(request: pytest.FixtureRequest) -> Any:
    return request.param


def is_answered(mock: ConnectMock, put: Put, **options: Any) -> None:
    before = len(mock.calls)
    answer = put(url_for(mock), BODY, **options)
    assert answer.status_code == 200
    assert answer.json()["FailedRequestList"][0]["FailureReasonCode"] == "MISSING_CUSTOMER_ENDPOINT"
    assert answer.headers["Content-Type"] == "application/json"
    assert len(answer.headers["x-amzn-requestid"]) == 36
    assert len(mock.calls) == before + 1


def test_a_signed_request_is_answered(connect_mock: ConnectMock, put: Put) -> None:
    is_answered(connect_mock, put)
    call = connect_mock.calls.one()
    assert (call.operation, call.region, call.attempt, call.invocation_id) == (
        "BatchPutContact",
        "us-east-1",
        1,
        None,
    )


def test_a_key_that_names_an_account_is_of_that_account(connect_mock: ConnectMock, put: Put) -> None:
    answer = put(url_for(connect_mock), BODY, key="210987654321")
    assert answer.status_code == 404
    assert answer.headers["x-amzn-errortype"] == "ResourceNotFoundException"
    assert connect_mock.calls.one().account_id == "210987654321"


def test_a_session_made_before_the_mock_is_answered(put: Put) -> None:
    session = requests.Session()
    session.auth = AWS4Auth("AKIA", "secret", "us-east-1", "connect")
    with mock_connect() as mock:
        assert session.put(url_for(mock), data=BODY).status_code == 200


@pytest.mark.parametrize("body", [BODY.encode(), BODY, io.BytesIO(BODY.encode()), None])
def test_a_body_may_be_a_text_bytes_a_file_or_nothing(connect_mock: ConnectMock, body: Any) -> None:
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/connect/aws4_request"}
    answer = requests.put(url_for(connect_mock), data=body, headers=headers)
    assert answer.status_code == (400 if body is None else 200)


def test_a_custom_endpoint_is_answered(connect_mock: ConnectMock) -> None:
    auth = AWS4Auth("AKIA", "secret", "us-east-1", "connect")
    url = url_for(connect_mock, "https://vpce-1.connect.us-east-1.vpce.amazonaws.com")
    assert requests.put(url, data=BODY, auth=auth).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "connect.us-east-1.amazonaws.com",
        "connect-fips.us-east-1.amazonaws.com",
        "connect.cn-north-1.amazonaws.com.cn",
        "connect.eu-west-2.api.aws",
        "connect-campaigns.us-east-1.amazonaws.com",
    ],
)
def test_an_unsigned_request_does_not_get_out(connect_mock: ConnectMock, host: str) -> None:
    answer = requests.get(f"https://{host}/instance")
    assert answer.status_code == 403
    assert answer.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


@pytest.mark.parametrize(
    "url",
    [
        "https://connect.example.com/instance",
        "https://example.com/contact/batch/i",
        "https://s3.us-east-1.amazonaws.com/bucket",
        "https://amazonaws.com/",
    ],
)
def test_a_request_to_another_host_is_untouched(connect_mock: ConnectMock, url: str) -> None:
    with responses.RequestsMock() as mock:
        mock.get(url, body="theirs")
        assert requests.get(url).text == "theirs"
    assert not connect_mock.calls


class Counting:
    """A body that is a stream, and counts how often it was read."""

    def __init__(self) -> None:
        self.reads = 0

    def __iter__(self) -> Iterator[bytes]:
        self.reads += 1
        yield from (b"{", b"}")

    def read(self, size: int = -1) -> bytes:
        self.reads += 1
        return b""


def a_generator() -> Iterator[bytes]:
    yield from (b"a", b"b")


def test_a_body_for_another_host_is_not_read(connect_mock: ConnectMock) -> None:
    seen: list[Any] = []

    class Uploading(HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
            seen.append(request.body)
            try:
                return super().send(request, *args, **kwargs)
            except ZeroDivisionError:
                answer = requests.Response()
                answer.status_code = 200
                return answer

        def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
            raise ZeroDivisionError

        get_connection = get_connection_with_tls_context

    session = requests.Session()
    session.mount("https://example.com/", Uploading())
    stream, generator = Counting(), a_generator()
    session.put("https://example.com/", data=stream)
    session.put("https://example.com/", data=generator)
    assert seen == [stream, generator]
    assert stream.reads == 0
    assert list(generator) == [b"a", b"b"]


def test_a_body_may_come_in_pieces(connect_mock: ConnectMock) -> None:
    auth = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/connect/aws4_request"}
    pieces = (piece.encode() for piece in (BODY[:9], BODY[9:]))
    answer = requests.put(url_for(connect_mock), data=pieces, headers=auth)
    assert answer.json()["FailedRequestList"][0]["RequestIdentifier"] == "a"


def test_another_kind_of_authorization_does_not_get_out(connect_mock: ConnectMock) -> None:
    answer = requests.get(f"{HOST}/instance", auth=("user", "password"))
    assert answer.status_code == 403


def test_an_unfaked_operation_is_refused(connect_mock: ConnectMock) -> None:
    with pytest.raises(UnfakedOperationError, match="ListPrompts"):
        requests.get(f"{HOST}/prompts-summary/i", auth=AWS4Auth("AKIA", "secret", "us-east-1", "connect"))
    connect_mock.reset()


@pytest.mark.parametrize(
    ("fault", "error", "name"),
    [
        ("lose_response", requests.ReadTimeout, "ReadTimeoutError"),
        ("refuse_connection", requests.ConnectionError, "EndpointConnectionError"),
        ("reset_connection", requests.ConnectionError, "ConnectionClosedError"),
    ],
)
def test_the_network_has_requests_own_exceptions(
    connect_mock: ConnectMock, put: Put, fault: str, error: Any, name: str
) -> None:
    getattr(connect_mock, fault)("BatchPutContact")
    with pytest.raises(error) as caught:
        put(url_for(connect_mock), BODY)
    assert type(caught.value) is error
    assert caught.value.request is not None
    assert connect_mock.calls.one().error == name


# Other libraries that patch the same method


def test_a_responses_mock_outside_keeps_its_own(put: Put) -> None:
    with responses.RequestsMock() as theirs:
        theirs.get("https://example.com/", body="theirs")
        with mock_connect() as mock:
            is_answered(mock, put)
            assert requests.get("https://example.com/").text == "theirs"
        assert len(theirs.calls) == 1


def test_a_responses_mock_inside_keeps_its_own(connect_mock: ConnectMock, put: Put) -> None:
    with responses.RequestsMock() as theirs:
        theirs.get("https://example.com/", body="theirs")
        is_answered(connect_mock, put)
        assert requests.get("https://example.com/").text == "theirs"
        with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
            requests.get("https://example.com/unknown")
        assert len(theirs.calls) == 2
    is_answered(connect_mock, put)


@responses.activate
def test_a_decorated_test_keeps_its_own(connect_mock: ConnectMock, put: Put) -> None:
    responses.get("https://example.com/", body="theirs")
    is_answered(connect_mock, put)
    assert requests.get("https://example.com/").text == "theirs"


# A registration of the test for a mocked host precedes the mock


def is_theirs(mock: ConnectMock, url: str = f"{HOST}/instance") -> None:
    """Assert that a registration responds, that the mock reports this, and that it recorded no call."""
    before = len(mock.calls)
    assert requests.get(url, auth=AWS4Auth("AKIA", "secret", "us-east-1", "connect")).text == "theirs"
    assert len(mock.calls) == before
    said = "Not answered by the mock: GET https://connect.us-east-1.amazonaws.com/instance was answered by a "
    assert f"{said}registration of responses." in mock.describe_calls()


def test_a_registration_inside_wins_and_is_noted(connect_mock: ConnectMock, put: Put) -> None:
    with responses.RequestsMock() as theirs:
        theirs.get(f"{HOST}/instance", body="theirs")
        is_answered(connect_mock, put)
        is_theirs(connect_mock)
        assert len(theirs.calls) == 1
    assert requests.get(f"{HOST}/instance").status_code == 403


def test_a_registration_outside_wins_and_is_noted(put: Put) -> None:
    with responses.RequestsMock() as theirs:
        theirs.get(f"{HOST}/instance", body="theirs")
        with mock_connect() as mock:
            is_answered(mock, put)
            is_theirs(mock)
        assert len(theirs.calls) == 1


def test_a_registration_goes_before_moto_as_well(put: Put) -> None:
    with mock_aws(), responses.RequestsMock() as theirs, mock_connect() as mock:
        theirs.get(f"{HOST}/instance", body="theirs")
        is_answered(mock, put)
        is_theirs(mock)


@pytest.mark.connect_mock(unfaked="passthrough")
def test_responses_answers_a_passed_through_request(connect_mock: ConnectMock) -> None:
    auth = AWS4Auth("AKIA", "secret", "us-east-1", "connect")
    with responses.RequestsMock(), pytest.raises(requests.ConnectionError, match="refused by Responses"):
        requests.get(f"{HOST}/prompts-summary/i", auth=auth)


def test_a_registration_after_the_mock_is_of_no_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_connect() as mock:
        # Another plugin keeps it, and calls it later.
        left_behind = responses.RequestsMock._on_request
    monkeypatch.setattr(responses.RequestsMock, "_on_request", left_behind)
    with responses.RequestsMock() as theirs:
        theirs.get(f"{HOST}/instance", body="theirs")
        assert requests.get(f"{HOST}/instance").text == "theirs"
    assert "Not answered" not in mock.describe_calls()


def test_an_order_of_registrations_is_kept(connect_mock: ConnectMock, put: Put) -> None:
    with responses.RequestsMock(registry=OrderedRegistry) as theirs:
        theirs.get(f"{HOST}/instance", body="theirs")
        theirs.get("https://example.com/", body="other")
        is_theirs(connect_mock)
        is_answered(connect_mock, put)
        assert requests.get("https://example.com/").text == "other"
        # No registration is left, so the mock responds.
        assert requests.get(f"{HOST}/instance").status_code == 403


def test_a_registration_is_matched_by_all_that_it_says(connect_mock: ConnectMock) -> None:
    with responses.RequestsMock() as theirs:
        matchers = [query_param_matcher({"maxResults": "1"}), request_kwargs_matcher({"stream": False})]
        theirs.get(f"{HOST}/instance", body="theirs", match=matchers)
        is_theirs(connect_mock, f"{HOST}/instance?maxResults=1")
        assert requests.get(f"{HOST}/instance?maxResults=2").status_code == 403


def test_a_registration_may_look_at_a_body_that_is_a_file(connect_mock: ConnectMock) -> None:
    with responses.RequestsMock() as theirs:
        theirs.put(f"{HOST}/contact/batch/i", body="theirs", match=[json_params_matcher({"a": 1})])
        for body, status in ((b'{"a": 1}', 200), (b'{"a": 2}', 403)):
            assert requests.put(f"{HOST}/contact/batch/i", data=io.BytesIO(body)).status_code == status


def test_patches_may_be_undone_in_any_order(put: Put, no_network: list[Any]) -> None:
    send = HTTPAdapter.send
    theirs, mock = responses.RequestsMock(), mock_connect()
    connect_mock = mock.start()
    theirs.start()
    mock.stop()
    with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        put(url_for(connect_mock), BODY)
    theirs.stop()
    # The remaining patch calls the original.
    assert getattr(HTTPAdapter.send, "__wrapped__", None) is send
    HTTPAdapter.send = send  # type: ignore[method-assign]  # as it was for the next test


class Adapter(HTTPAdapter):
    """An adapter of the application that responds itself."""

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code = 299
        return answer


def test_an_adapter_of_the_application_s_own_keeps_working(connect_mock: ConnectMock) -> None:
    session = requests.Session()
    session.mount("https://example.com/", Adapter())
    assert session.get("https://example.com/").status_code == 299


def test_nothing_is_left_behind() -> None:
    real_send = HTTPAdapter.send
    on_request = responses.RequestsMock._on_request
    with mock_connect():
        assert HTTPAdapter.send is not real_send
    assert HTTPAdapter.send is real_send
    assert responses.RequestsMock._on_request is on_request


LATE = """
import sys
from connect_batchmock import mock_connect

with mock_connect() as mock:
    assert "requests" not in sys.modules
    import requests
    answer = requests.get("https://connect.us-east-1.amazonaws.com/instance")
    assert answer.status_code == 403, answer
print("done")
"""


def test_requests_can_be_imported_inside_a_mock(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr
