"""The sessions and clients of a mock share loaded models, and no client never them."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import installed
import pytest
from botocore.loaders import Loader

from connect_batchmock import ConnectMock, mock_connect
from connect_batchmock.interception.loader_cache import SessionLoader

SERVICES = ("connect", "connectcampaignsv2", "s3", "dynamodb")


def read_model(service: str) -> Any:
    return SessionLoader().load_service_model(service, "service-2")


def use_a_client(service: str) -> None:
    client = boto3.Session().client(service, region_name="us-east-1")
    for operation in client.meta.service_model.operation_names:
        model = client.meta.service_model.operation_model(operation)
        assert model.input_shape is None or model.input_shape.members is not None
    assert client.waiter_names is not None
    assert str(getattr(client, next(iter(client.meta.method_to_api_mapping))).__doc__)
    client.meta.events.register("before-parameter-build", lambda params, **_: params.update(Added="x"))


@pytest.mark.parametrize("service", SERVICES)
def test_clients_do_not_change_the_shared_models(service: str, connect_mock: ConnectMock) -> None:
    before = json.dumps(read_model(service))

    use_a_client(service)

    assert json.dumps(read_model(service)) == before


@pytest.mark.parametrize("service", ["connect", "connectcampaigns", "connectcampaignsv2"])
def test_the_shared_models_are_those_on_the_disk(service: str, connect_mock: ConnectMock) -> None:
    use_a_client(service)

    assert json.dumps(read_model(service)) == json.dumps(Loader().load_service_model(service, "service-2"))


class Sent(Exception):
    """Raised in place of a request, with its URL."""


def stop(request: Any, **_: Any) -> None:
    raise Sent(request.url)


def test_what_botocore_adds_to_the_s3_model_is_the_same(connect_mock: ConnectMock) -> None:
    for _ in range(3):
        client = boto3.Session().client("s3", region_name="us-east-1")
        client.meta.events.register("before-send.s3", stop)

        with pytest.raises(Sent, match=r"^https://mine\.s3\.amazonaws\.com/a/b$"):
            client.put_object(Bucket="mine", Key="a/b", Body=b"")


def test_a_call_leaves_the_shared_model_as_it_is(connect_mock: ConnectMock, connect_instance: Any) -> None:
    before = json.dumps(read_model("connect"))

    client = boto3.client("connect")
    client.describe_instance(InstanceId=connect_instance.id)
    list(client.get_paginator("list_queues").paginate(InstanceId=connect_instance.id))

    assert json.dumps(read_model("connect")) == before


def test_a_file_is_read_once_for_all_sessions(connect_mock: ConnectMock) -> None:
    first, second = (
        botocore.session.Session().get_component("data_loader").load_service_model("connect", "service-2")
        for _ in range(2)
    )

    assert first is second


def test_sessions_of_both_libraries_find_what_only_one_has(connect_mock: ConnectMock) -> None:
    assert "s3" in boto3.Session().get_available_resources()
    assert (
        botocore.session.Session().get_component("data_loader").list_available_services("resources-1") == []
    )
    assert "s3" in boto3.Session().get_available_resources()


def test_a_search_path_of_one_session_is_not_the_next_ones(connect_mock: ConnectMock, tmp_path: Path) -> None:
    mine, other = botocore.session.Session(), botocore.session.Session()
    write_a_model(tmp_path, "mine")
    mine.get_component("data_loader").search_paths.append(str(tmp_path))

    assert "mine" in mine.get_available_services()
    assert "mine" not in other.get_available_services()


def test_custom_data_is_loaded_again(
    connect_mock: ConnectMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    write_a_model(tmp_path, "mine")
    assert "mine" in boto3.Session().get_available_services()

    (tmp_path / "mine" / "2024-01-01" / "service-2.json").unlink()

    assert "mine" not in boto3.Session().get_available_services()


def test_clients_with_their_own_data_path_share_no_model(
    connect_mock: ConnectMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = [boto3.Session().client("connect").meta.service_model for _ in range(2)]
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    own = [boto3.Session().client("connect").meta.service_model for _ in range(2)]

    assert shared[0] is shared[1]
    assert len({*shared, *own}) == 3


def write_a_model(folder: Path, service: str) -> None:
    (folder / service / "2024-01-01").mkdir(parents=True)
    (folder / service / "2024-01-01" / "service-2.json").write_text("{}")


def test_a_handler_changes_one_client_class_only(connect_mock: ConnectMock) -> None:
    session = boto3.Session()
    session.events.register(
        "creating-client-class.connect", lambda class_attributes, **_: class_attributes.update(mine=1)
    )

    assert session.client("connect", region_name="us-east-1").mine == 1
    assert not hasattr(boto3.Session().client("connect", region_name="us-east-1"), "mine")


def test_clients_of_both_colours_have_methods_of_their_own(
    connect_mock: ConnectMock, connect_instance: Any
) -> None:
    installed.aiobotocore()
    from aiobotocore.session import get_session

    async def describe() -> Any:
        async with get_session().create_client("connect", region_name="us-east-1") as client:
            return await client.describe_instance(InstanceId=connect_instance.id)

    answer = boto3.client("connect").describe_instance(InstanceId=connect_instance.id)

    assert asyncio.run(describe())["Instance"] == answer["Instance"]


def test_event_aliases_of_the_user_are_kept() -> None:
    with mock_connect():
        session = botocore.session.Session()
        aliaser = type(session.get_component("event_emitter"))(session._original_handler, {"mine": "connect"})
        emitted: list[str] = []
        aliaser.register("something.mine", lambda event_name, **_: emitted.append(event_name))
        boto3.Session()

        aliaser.emit("something.connect")

    assert emitted == ["something.connect"]


def test_threads_make_clients_concurrently(connect_mock: ConnectMock, connect_instance: Any) -> None:
    ids: list[str] = []

    def describe() -> None:
        client = boto3.Session().client("connect", region_name="us-east-1")
        ids.append(client.describe_instance(InstanceId=connect_instance.id)["Instance"]["Id"])

    threads = [threading.Thread(target=describe) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ids == [connect_instance.id] * 8


def test_sessions_load_their_own_data_after_the_mock() -> None:
    with mock_connect():
        pass

    assert type(botocore.session.Session().get_component("data_loader")) is Loader
