"""The private names of botocore that the interception uses: a new botocore may change them."""

from __future__ import annotations

import inspect
from typing import Any

import boto3
import botocore.client
import botocore.endpoint
import botocore.exceptions
import botocore.handlers
import botocore.hooks
import botocore.httpsession
import botocore.loaders
import botocore.retries.adaptive
import botocore.session
import botocore.signers
import botocore.useragent
import pytest
from botocore.awsrequest import AWSResponse

from connect_batchmock.protocol.http import NetworkFault


def test_endpoint_send_takes_a_request() -> None:
    names = list(inspect.signature(botocore.endpoint.Endpoint.__dict__["_send"]).parameters)
    assert names == ["self", "request"], "older clients are answered in Endpoint._send(self, request)"


@pytest.mark.parametrize(
    ("service", "prefix"),
    [
        ("connect", "connect"),
        ("connectcampaigns", "connect-campaigns"),
        ("connectcampaignsv2", "connect-campaigns"),
    ],
)
def test_an_endpoint_knows_its_prefix(service: str, prefix: str) -> None:
    client = boto3.Session("x", "x", region_name="us-east-1").client(service)
    assert client._endpoint._endpoint_prefix == prefix, "Endpoint._endpoint_prefix tells whose request it is"


def test_get_auth_instance_takes_credentials() -> None:
    names = list(inspect.signature(botocore.signers.RequestSigner.__dict__["get_auth_instance"]).parameters)
    assert names[:2] == ["self", "signing_name"], "get_auth_instance is asked by signing name"
    assert "request_credentials" in names, "get_auth_instance takes request_credentials"


def test_a_signer_has_its_credentials() -> None:
    client = boto3.Session("x", "y", region_name="us-east-1").client("connect")
    credentials = client._request_signer._credentials
    assert credentials.access_key == "x", "RequestSigner._credentials are the client's credentials"


def test_a_session_has_its_credentials() -> None:
    session = botocore.session.Session()
    assert session._credentials is None, "Session._credentials is None until credentials are set or loaded"
    session.set_credentials("x", "y")
    assert session._credentials.access_key == "x", "Session._credentials are those that were set"
    assert "get_credentials" in vars(botocore.session.Session), "Session.get_credentials looks credentials up"


def test_the_built_in_handlers_are_a_list_of_event_and_handler() -> None:
    handlers = botocore.handlers.BUILTIN_HANDLERS
    assert isinstance(handlers, list), "BUILTIN_HANDLERS is a list that sessions read when they are made"
    assert all(isinstance(entry, tuple) for entry in handlers), "BUILTIN_HANDLERS has tuples"


def test_a_response_keeps_its_content_privately() -> None:
    response = AWSResponse("https://example.com", 200, {}, None)
    response._content = b"body"
    assert response.content == b"body", "AWSResponse.content reads AWSResponse._content"


def test_an_endpoint_decides_about_retries() -> None:
    names = list(inspect.signature(botocore.endpoint.Endpoint.__dict__["_needs_retry"]).parameters)
    expected = ["self", "attempts", "operation_model", "request_dict", "response", "caught_exception"]
    assert names == expected, "Endpoint._needs_retry decides about a retry, and waits before it"


def test_an_endpoint_knows_the_timeout_of_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    contexts = []

    def create_request(endpoint: object, params: dict[str, Any], operation_model: object) -> None:
        contexts.append(params["context"])
        raise RuntimeError("this request is not sent")

    monkeypatch.setattr(botocore.endpoint.Endpoint, "create_request", create_request)
    client = boto3.Session("x", "x", region_name="us-east-1").client("connect")
    with pytest.raises(RuntimeError, match="this request is not sent"):
        client.list_instances()
    (context,) = contexts
    assert context["client_config"].read_timeout == 60, "create_request knows the client's configuration"


def test_a_client_has_an_endpoint_with_an_emitter() -> None:
    client = boto3.Session("x", "x", region_name="us-east-1").client("connect")
    events = client._endpoint._event_emitter
    assert callable(events.emit), "client._endpoint._event_emitter is asked about retries"


def test_the_limiter_of_adaptive_mode_can_be_disabled() -> None:
    limiter = botocore.retries.adaptive.ClientRateLimiter
    assert hasattr(limiter, "on_sending_request"), "the limiter waits in on_sending_request"
    assert limiter(*[None] * 5)._enabled is False, "the limiter waits once it is _enabled"


@pytest.mark.parametrize("fault", NetworkFault.__subclasses__())
def test_botocore_has_an_exception_for_each_fault_of_the_network(fault: type[NetworkFault]) -> None:
    error = getattr(botocore.exceptions, fault.error)(endpoint_url="https://example.com", error=fault())
    assert isinstance(error, botocore.exceptions.BotoCoreError), (
        "botocore.exceptions has what the network does"
    )
    assert "https://example.com" in str(error), "the exceptions for the network name the endpoint's URL"


def test_a_session_makes_its_loader_with_create_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(botocore.session, "create_loader", lambda path: made.append(path) or "the loader")
    loader = botocore.session.Session().get_component("data_loader")
    assert (loader, made) == ("the loader", [None]), "sessions call botocore.session.create_loader(path)"


def test_a_loader_keeps_what_it_found() -> None:
    loader = botocore.loaders.Loader()
    loader.load_service_model("connect", "service-2")
    assert loader._cache, "Loader._cache has the content of the search paths"


def test_an_aliaser_keeps_the_names_that_it_worked_out() -> None:
    aliaser = botocore.session.Session().get_component("event_emitter")
    aliaser.emit("something.ec2")
    assert aliaser._event_aliases == botocore.hooks.EVENT_ALIASES, "EventAliaser._event_aliases"
    assert "something.ec2" in aliaser._alias_name_cache, "EventAliaser._alias_name_cache"


def test_a_client_creator_makes_models_and_methods() -> None:
    creator = botocore.client.ClientCreator
    names = list(inspect.signature(creator.__dict__["_load_service_model"]).parameters)
    assert names == ["self", "service_name", "api_version"], "ClientCreator._load_service_model"
    names = list(inspect.signature(creator.__dict__["_create_methods"]).parameters)
    assert names == ["self", "service_model"], "ClientCreator._create_methods(self, service_model)"
    assert "self._loader = loader" in inspect.getsource(creator.__init__), "ClientCreator._loader"
    model = boto3.Session("x", "x", region_name="us-east-1").client("connect").meta.service_model
    assert "operations" in model._service_description, "ServiceModel._service_description is what was read"


def test_a_client_has_a_copy_of_the_trie_of_its_session() -> None:
    session = boto3.Session("x", "x", region_name="us-east-1")
    tries = [events._emitter._handlers for events in (session.events, session.client("connect").meta.events)]
    assert {type(trie) for trie in tries} == {botocore.hooks._PrefixTrie}, "emitters keep handlers in tries"
    node = tries[0]._root
    assert list(node) == ["chunk", "children", "values"], "_PrefixTrie._root is a node with these members"
    node = node["children"]["before-call"]
    assert (node["chunk"], type(node["values"])) == ("before-call", botocore.hooks.NodeList), "so is a child"
    for name, parameters in {"append_item": ["self", "key"], "remove_item": ["self", "key", "value"]}.items():
        names = list(inspect.signature(vars(botocore.hooks._PrefixTrie)[name]).parameters)
        assert names[: len(parameters)] == parameters, f"_PrefixTrie.{name} changes the nodes of a key"


def test_an_http_session_gives_its_manager_a_tls_context() -> None:
    http_session = boto3.Session("x", "x", region_name="us-east-1").client("connect")._endpoint.http_session
    assert type(http_session) is botocore.httpsession.URLLib3Session, "Endpoint.http_session sends"
    context = http_session._manager.connection_pool_kw["ssl_context"]
    assert type(context) is type(http_session._get_ssl_context()), "_manager has a context for new pools"


def test_functions_that_are_replaced_take_these_arguments() -> None:
    for function, expected in (
        (botocore.hooks.accepts_kwargs, ["func"]),
        (botocore.endpoint.get_environ_proxies, ["url"]),
        (botocore.useragent.sanitize_user_agent_string_component, ["raw_str", "allow_hash"]),
    ):
        assert list(inspect.signature(function).parameters) == expected, function.__name__
