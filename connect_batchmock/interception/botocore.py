"""botocore, and its private names that are replaced.

A client made while a mock is active has a ``before-send`` handler from botocore's list of built-in handlers.
A client made earlier has none: its requests are intercepted in ``Endpoint._send``. The handler of the mock
is called once per request, by whichever of the two sees the request first. botocore decides on retries in
``Endpoint._needs_retry``; its delay before a retry is skipped for attempts that the mock answered.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import datetime, timezone
from functools import partial, wraps
from typing import Any

import botocore.endpoint
import botocore.exceptions
import botocore.handlers
import botocore.session
import botocore.signers
from botocore import UNSIGNED
from botocore.auth import BaseSigner
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.credentials import Credentials, RefreshableCredentials

from connect_batchmock.domain.ids import is_account_id
from connect_batchmock.interception.client_setup import quick_setup
from connect_batchmock.interception.loader_cache import SessionLoader, shared_data
from connect_batchmock.interception.patches import needed, replaced, replaced_to_save_time
from connect_batchmock.interception.retries import DELAY_ATTR, ignore_delay, skip_retry_delay
from connect_batchmock.interception.sockets import connections_allowed
from connect_batchmock.protocol.http import (
    Handler,
    NetworkFault,
    RefusalHook,
    Request,
    Response,
)
from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.protocol.routing import route, services_signed_for
from connect_batchmock.settings import ACCESS_KEY, SECRET_KEY

_NO_SIGNATURE = f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"

_RESPONSE_ATTR = "_connect_batchmock_response"
_TIMEOUT_ATTR = "_connect_batchmock_read_timeout"


class _Content(bytes):
    """The body of a response: boto3 reads it, aiobotocore awaits it."""

    def __await__(self) -> Generator[Any, None, bytes]:
        yield from ()
        return bytes(self)


class _RawBody(io.BytesIO):
    """The body of a response as it is received; an aiobotocore before 2.21 reads the headers from it."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.body)
        self.raw_headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]


class _MockResponse(AWSResponse):  # type: ignore[misc]  # botocore has no types
    """A response of the mock in botocore's form, for synchronous and asynchronous clients."""

    def __init__(self, url: str, response: Response) -> None:
        super().__init__(url, response.status, dict(response.headers), _RawBody(response))
        self._content = _Content(response.body)
        setattr(self, DELAY_ATTR, response.note_delay or ignore_delay)

    @property
    def content(self) -> _Content:
        return self._content


def new_session(region: str) -> Any:
    """Return a session that reads no configuration, with the mock's credentials and models."""
    session = botocore.session.Session()
    session.register_component("data_loader", SessionLoader())
    session.set_credentials(ACCESS_KEY, SECRET_KEY)
    session.set_config_variable("region", region)
    # The user's configuration may lack the profile that the environment names.
    session.get_scoped_config = dict
    return session


def event_names() -> list[tuple[str, str]]:
    """Return each mocked service with the event at which a handler can answer its requests."""
    return [(name, f"before-send.{service_model(name).service_id.hyphenize()}") for name in SERVICES]


@contextmanager
def intercept(handler: Handler) -> Iterator[None]:
    """Pass each request to a mocked service to the handler, for every client, whenever it was made."""
    with ExitStack() as restore:
        restore.enter_context(
            replaced(botocore.endpoint.Endpoint, "_send", partial(_intercept_send, handler))
        )
        restore.enter_context(replaced(botocore.endpoint.Endpoint, "create_request", _note_read_timeout))
        restore.enter_context(
            replaced_to_save_time(botocore.endpoint.Endpoint, "_needs_retry", skip_retry_delay)
        )
        restore.enter_context(
            replaced(botocore.signers.RequestSigner, "get_auth_instance", _sign_with_mock_credentials)
        )
        restore.enter_context(_built_in_handlers(handler))
        restore.enter_context(shared_data())
        restore.enter_context(quick_setup())
        yield


@contextmanager
def refuse(refusal: RefusalHook) -> Iterator[None]:
    """Pass each unanswered request to a mocked service to ``refusal``, which raises to refuse it."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def send(endpoint: Any, request: AWSPreparedRequest) -> Any:
            offer(endpoint, refusal, request)
            with sent_on(endpoint):
                return original(endpoint, request)

        return send

    with replaced(botocore.endpoint.Endpoint, "_send", make):
        yield


def offer(endpoint: Any, refusal: RefusalHook, request: AWSPreparedRequest) -> None:
    """Pass a request that an endpoint is about to send to ``refusal``, if it is for a mocked service."""
    services = _services_at(needed(endpoint, "_endpoint_prefix"))
    if services:
        refusal(_to_request(request, _service_of(services, request), None))


def sent_on(endpoint: Any) -> AbstractContextManager[None]:
    """Return a context in which an endpoint may connect, to send a request that was not refused."""
    return connections_allowed() if _services_at(endpoint._endpoint_prefix) else nullcontext()


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Make every session return the mock's credentials, whatever its profile, without storing them.

    The user's credentials are not looked up.
    """

    def make(original: Any) -> Any:
        return lambda session: needed(session, "_credentials") or mock_credentials()

    session = botocore.session.Session
    with (
        replaced(session, "get_credentials", make),
        replaced(session, "get_scoped_config", _with_any_profile),
    ):
        yield


def _with_any_profile(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def get_scoped_config(session: Any) -> Any:
        # The mock hides the user's configuration, and with it the profiles in it.
        try:
            return original(session)
        except botocore.exceptions.ProfileNotFound:
            return {}

    return get_scoped_config


def attach(client: Any, handler: Handler) -> None:
    """Answer the requests of one client through its public events, and skip its delays between attempts."""
    service = client.meta.service_model.service_name
    event = dict(event_names())[service]
    config, region = client.meta.config, client.meta.region_name
    before_send = _before_send(handler, service, region, config.read_timeout)
    client.meta.events.register_first(event, before_send)
    # An unsigned request needs no credentials. Its region, missing without a signature, is passed along.
    client.meta.events.register_first(event.replace("before-send", "choose-signer"), _unsigned)
    endpoint: Any = getattr(client, "_endpoint", None)
    needs_retry = getattr(type(endpoint), "_needs_retry", None)
    if needs_retry is not None:
        endpoint._needs_retry = skip_retry_delay(needs_retry).__get__(endpoint)


def _unsigned(**_: Any) -> Any:
    return UNSIGNED


@contextmanager
def _built_in_handlers(handler: Handler) -> Iterator[None]:
    handlers = needed(botocore.handlers, "BUILTIN_HANDLERS")
    added = [(event, _before_send(handler, service)) for service, event in event_names()]
    handlers.extend(added)
    try:
        yield
    finally:
        for entry in added:
            handlers.remove(entry)


def _before_send(
    handler: Handler, service: str, region: str | None = None, read_timeout: float | None = None
) -> Callable[..., AWSResponse | None]:
    """Return the handler of an event; botocore registers a function faster than a partial."""

    def before_send(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if read_timeout is not None:
            setattr(request, _TIMEOUT_ATTR, read_timeout)
        return _handle_once(handler, request, service, region)

    return before_send


def _note_read_timeout(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def create_request(endpoint: Any, params: Any, operation_model: Any = None) -> Any:
        return with_read_timeout(original(endpoint, params, operation_model), params)

    return create_request


def with_read_timeout(request: AWSPreparedRequest, params: Mapping[str, Any]) -> AWSPreparedRequest:
    """Note the timeout of the client on a request that was made with these parameters, and return it."""
    config = params["context"].get("client_config")
    setattr(request, _TIMEOUT_ATTR, getattr(config, "read_timeout", None))
    return request


def _intercept_send(handler: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def send(endpoint: Any, request: AWSPreparedRequest) -> Any:
        response = response_at(endpoint, handler, request)
        if response is not None:
            return response
        with sent_on(endpoint):
            return original(endpoint, request)

    return send


def response_at_event(event_name: str, handler: Handler, request: AWSPreparedRequest) -> AWSResponse | None:
    """Return the handler's response to a request at its event; None for a service that is not mocked."""
    services = {event: service for service, event in event_names()}
    service = services.get(event_name.rpartition(".")[0])
    return None if service is None else _handle_once(handler, request, service)


def response_at(endpoint: Any, handler: Handler, request: AWSPreparedRequest) -> AWSResponse | None:
    """Return the response to a request that an endpoint is about to send; None if no mock answers it."""
    services = _services_at(needed(endpoint, "_endpoint_prefix"))
    return _handle_once(handler, request, _service_of(services, request)) if services else None


def _services_at(endpoint_prefix: str) -> tuple[str, ...]:
    return tuple(name for name in SERVICES if service_model(name).endpoint_prefix == endpoint_prefix)


def _service_of(services: tuple[str, ...], request: AWSPreparedRequest) -> str:
    # Both versions of the campaign service share an endpoint prefix; their paths differ.
    match = route(services, request.method, request.url)
    return services[0] if match is None else str(match.operation.service_model.service_name)


def _handle_once(
    handler: Handler, request: AWSPreparedRequest, service: str | None = None, region: str | None = None
) -> AWSResponse | None:
    if not hasattr(request, _RESPONSE_ATTR):
        setattr(request, _RESPONSE_ATTR, _handle(handler, request, service, region))
    return getattr(request, _RESPONSE_ATTR)


def _handle(
    handler: Handler, request: AWSPreparedRequest, service: str | None, region: str | None
) -> AWSResponse | None:
    try:
        response = handler(_to_request(request, service, region))
    except NetworkFault as fault:
        raise _exception(fault, request.url) from None
    return None if response is None else _MockResponse(request.url, response)


def _exception(fault: NetworkFault, url: str) -> Exception:
    exception: Exception = getattr(botocore.exceptions, fault.error)(endpoint_url=url, error=fault)
    setattr(exception, DELAY_ATTR, fault.note_delay or ignore_delay)
    return exception


def _to_request(request: AWSPreparedRequest, service: str | None, region: str | None) -> Request:
    return Request(
        request.method,
        request.url,
        _Headers(request.headers),
        _bytes(request.body),
        service,
        region,
        getattr(request, _TIMEOUT_ATTR, None),
    )


class _Headers(Mapping[str, str]):
    """The headers of a request, as text; botocore's mapping ignores the case of their names."""

    def __init__(self, headers: Mapping[Any, str | bytes]) -> None:
        self._headers = headers

    def __getitem__(self, name: str) -> str:
        return _text(self._headers[name])

    def __iter__(self) -> Iterator[str]:
        return (str(name).lower() for name in self._headers)

    def __len__(self) -> int:
        return len(self._headers)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)


def _sign_with_mock_credentials(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def get_auth_instance(signer: Any, signing_name: str, *args: Any, **kwargs: Any) -> Any:
        if not is_signed_by_mock(signing_name, needed(signer, "_credentials")):
            return original(signer, signing_name, *args, **kwargs)
        if kwargs.get("signature_version") == "v4":
            return _ScopeSigner(signing_name, kwargs["region_name"])
        return original(signer, signing_name, *args, **{**kwargs, "request_credentials": mock_credentials()})

    return get_auth_instance


class _ScopeSigner(BaseSigner):  # type: ignore[misc]  # botocore has no types
    """Writes the credential scope, from which the mock reads service and region, and no real signature.

    Nothing verifies the signature, and computing it takes a fifth of the time of an API call.
    """

    def __init__(self, signing_name: str, region: str) -> None:
        self._scope = f"{region}/{signing_name}/aws4_request"

    def add_auth(self, request: Any) -> None:
        """Write the headers of a signed request."""
        now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"Credential={ACCESS_KEY}/{now[:8]}/{self._scope}"
        request.headers["X-Amz-Date"] = now
        request.headers["Authorization"] = f"AWS4-HMAC-SHA256 {scope}, {_NO_SIGNATURE}"


def is_signed_by_mock(signing_name: str, credentials: Any) -> bool:
    """Whether a request is signed with the mock's key rather than with a key that names an account."""
    if not services_signed_for(signing_name):
        return False
    # Reading the key of refreshable credentials refreshes them.
    if credentials is None or isinstance(credentials, RefreshableCredentials):
        return True
    return not is_account_id(str(credentials.access_key))


def mock_credentials() -> Credentials:
    """Return the mock's credentials."""
    return Credentials(ACCESS_KEY, SECRET_KEY)
