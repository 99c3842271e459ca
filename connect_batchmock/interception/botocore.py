"""botocore: every private name of it that is touched.

A client made while a mock is active carries a ``before-send`` handler, because botocore's list of built-in
handlers has it. A client made before has none; under it lies ``Endpoint._send``. A request is asked about
once, whichever of the two sees it first. Whether an attempt is followed by another is botocore's decision,
made in ``Endpoint._needs_retry``; what it would wait before that is skipped for attempts that were answered.
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
from connect_batchmock.interception.import_hooks import needed, replaced, replaced_to_save_time
from connect_batchmock.interception.loader_cache import SessionLoader, shared_data
from connect_batchmock.interception.retries import DELAY_ATTR, ignore_delay, skip_retry_delay
from connect_batchmock.interception.sockets import let_through
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

_ANSWER_ATTR = "_connect_batchmock_answer"


class _Content(bytes):
    """The body of a response, that boto3 reads and aiobotocore awaits."""

    def __await__(self) -> Generator[Any, None, bytes]:
        yield from ()
        return bytes(self)


class _Answer(AWSResponse):  # type: ignore[misc]  # botocore has no types
    """A response in botocore's own form, for both colours."""

    def __init__(self, url: str, response: Response) -> None:
        super().__init__(url, response.status, dict(response.headers), io.BytesIO(response.body))
        self._content = _Content(response.body)
        setattr(self, DELAY_ATTR, response.note_delay or ignore_delay)

    @property
    def content(self) -> _Content:
        return self._content


def new_session(region: str) -> Any:
    """Return a session that looks for nothing: it has the mock's credentials, this region and our models."""
    session = botocore.session.Session()
    session.register_component("data_loader", SessionLoader())
    session.set_credentials(ACCESS_KEY, SECRET_KEY)
    session.set_config_variable("region", region)
    # Nor does it read the user's configuration, in which a profile of the environment may be missing.
    session.get_scoped_config = dict
    return session


def event_names() -> list[tuple[str, str]]:
    """Return each mocked service with the event at which its requests can be answered."""
    return [(name, f"before-send.{service_model(name).service_id.hyphenize()}") for name in SERVICES]


@contextmanager
def intercept(ask: Handler) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within."""
    with ExitStack() as restore:
        restore.enter_context(replaced(botocore.endpoint.Endpoint, "_send", partial(_sending, ask)))
        restore.enter_context(
            replaced_to_save_time(botocore.endpoint.Endpoint, "_needs_retry", skip_retry_delay)
        )
        restore.enter_context(
            replaced(botocore.signers.RequestSigner, "get_auth_instance", _signing_with_our_credentials)
        )
        restore.enter_context(_built_in_handlers(ask))
        restore.enter_context(shared_data())
        yield


@contextmanager
def refuse(refusal: RefusalHook) -> Iterator[None]:
    """Show requests of a mocked service, that nobody has answered, to who may refuse to send them."""

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
    """Show a request that an endpoint is about to send, if it is for a mocked service."""
    services = _services_at(needed(endpoint, "_endpoint_prefix"))
    if services:
        refusal(_to_request(request, _service_of(services, request), None))


def sent_on(endpoint: Any) -> AbstractContextManager[None]:
    """Return a context in which an endpoint may send what nobody has answered and nobody has refused."""
    return let_through() if _services_at(endpoint._endpoint_prefix) else nullcontext()


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Give every session the mock's credentials, whatever its profile, without keeping them.

    Nobody looks for the user's.
    """

    def make(original: Any) -> Any:
        return lambda session: needed(session, "_credentials") or our_credentials()

    session = botocore.session.Session
    with (
        replaced(session, "get_credentials", make),
        replaced(session, "get_scoped_config", _with_any_profile),
    ):
        yield


def _with_any_profile(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def get_scoped_config(session: Any) -> Any:
        # The user's configuration is hidden, so a profile that he has on his machine is not there either.
        try:
            return original(session)
        except botocore.exceptions.ProfileNotFound:
            return {}

    return get_scoped_config


def attach(client: Any, ask: Handler) -> None:
    """Answer the requests of one client by its public events, and let it not wait between attempts."""
    service = client.meta.service_model.service_name
    event = dict(event_names())[service]
    handler = partial(_before_send, ask, service, region=client.meta.region_name)
    client.meta.events.register_first(event, handler)
    # An unsigned request needs no credentials; the handler knows the region that the scope would have told.
    client.meta.events.register_first(event.replace("before-send", "choose-signer"), _unsigned)
    endpoint: Any = getattr(client, "_endpoint", None)
    needs_retry = getattr(type(endpoint), "_needs_retry", None)
    if needs_retry is not None:
        endpoint._needs_retry = skip_retry_delay(needs_retry).__get__(endpoint)


def _unsigned(**_: Any) -> Any:
    return UNSIGNED


@contextmanager
def _built_in_handlers(ask: Handler) -> Iterator[None]:
    handlers = needed(botocore.handlers, "BUILTIN_HANDLERS")
    ours = [(event, partial(_before_send, ask, service)) for service, event in event_names()]
    handlers.extend(ours)
    try:
        yield
    finally:
        for entry in ours:
            handlers.remove(entry)


def _before_send(
    ask: Handler, service: str, request: AWSPreparedRequest, region: str | None = None, **_: Any
) -> AWSResponse | None:
    return _answer_once(ask, request, service, region)


def _sending(ask: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def send(endpoint: Any, request: AWSPreparedRequest) -> Any:
        answer = answer_at(endpoint, ask, request)
        if answer is not None:
            return answer
        with sent_on(endpoint):
            return original(endpoint, request)

    return send


def answer_at_event(event_name: str, ask: Handler, request: AWSPreparedRequest) -> AWSResponse | None:
    """Return the answer to a request at its event, or None for one that is not ours."""
    ours = {event: service for service, event in event_names()}
    service = ours.get(event_name.rpartition(".")[0])
    return None if service is None else _answer_once(ask, request, service)


def answer_at(endpoint: Any, ask: Handler, request: AWSPreparedRequest) -> AWSResponse | None:
    """Return the answer to a request that an endpoint is about to send, or None for one that is not ours."""
    services = _services_at(needed(endpoint, "_endpoint_prefix"))
    return _answer_once(ask, request, _service_of(services, request)) if services else None


def _services_at(endpoint_prefix: str) -> tuple[str, ...]:
    return tuple(name for name in SERVICES if service_model(name).endpoint_prefix == endpoint_prefix)


def _service_of(services: tuple[str, ...], request: AWSPreparedRequest) -> str:
    # Both versions of the campaign service have one endpoint prefix; their paths differ.
    found = route(services, request.method, request.url)
    return services[0] if found is None else str(found.operation.service_model.service_name)


def _answer_once(
    ask: Handler, request: AWSPreparedRequest, service: str | None = None, region: str | None = None
) -> AWSResponse | None:
    if not hasattr(request, _ANSWER_ATTR):
        setattr(request, _ANSWER_ATTR, _answer(ask, request, service, region))
    return getattr(request, _ANSWER_ATTR)


def _answer(
    ask: Handler, request: AWSPreparedRequest, service: str | None, region: str | None
) -> AWSResponse | None:
    try:
        response = ask(_to_request(request, service, region))
    except NetworkFault as fault:
        raise _exception(fault, request.url) from None
    return None if response is None else _Answer(request.url, response)


def _exception(fault: NetworkFault, url: str) -> Exception:
    exception: Exception = getattr(botocore.exceptions, fault.error)(endpoint_url=url, error=fault)
    setattr(exception, DELAY_ATTR, fault.note_delay or ignore_delay)
    return exception


def _to_request(request: AWSPreparedRequest, service: str | None, region: str | None) -> Request:
    return Request(
        request.method, request.url, _Headers(request.headers), _bytes(request.body), service, region
    )


class _Headers(Mapping[str, str]):
    """The headers of a request, as text; botocore finds them in whatever case they are written."""

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


def _signing_with_our_credentials(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def get_auth_instance(signer: Any, signing_name: str, *args: Any, **kwargs: Any) -> Any:
        if not is_ours_to_sign(signing_name, needed(signer, "_credentials")):
            return original(signer, signing_name, *args, **kwargs)
        if kwargs.get("signature_version") == "v4":
            return _Scope(signing_name, kwargs["region_name"])
        return original(signer, signing_name, *args, **{**kwargs, "request_credentials": our_credentials()})

    return get_auth_instance


class _Scope(BaseSigner):  # type: ignore[misc]  # botocore has no types
    """Writes what a request is signed for, by which it is answered, and no signature: nobody checks one.

    The real one takes a fifth of the time of a call.
    """

    def __init__(self, signing_name: str, region: str) -> None:
        self._place = f"{region}/{signing_name}/aws4_request"

    def add_auth(self, request: Any) -> None:
        """Write the headers that a signature comes with."""
        now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"Credential={ACCESS_KEY}/{now[:8]}/{self._place}"
        request.headers["X-Amz-Date"] = now
        request.headers["Authorization"] = f"AWS4-HMAC-SHA256 {scope}, {_NO_SIGNATURE}"


def is_ours_to_sign(signing_name: str, credentials: Any) -> bool:
    """Whether a request is signed with the mock's key, and not with one that names an account."""
    if not services_signed_for(signing_name):
        return False
    # Refreshable credentials would be refreshed by a look at their key.
    if credentials is None or isinstance(credentials, RefreshableCredentials):
        return True
    return not is_account_id(str(credentials.access_key))


def our_credentials() -> Credentials:
    """Return the mock's credentials."""
    return Credentials(ACCESS_KEY, SECRET_KEY)
