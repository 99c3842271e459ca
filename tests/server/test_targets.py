"""The targets of a server: it posts events and records to real receivers, which nothing has to wait for."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from logging.handlers import QueueHandler
from queue import Queue as PostQueue
from queue import SimpleQueue
from typing import Any, TypeAlias

import pytest
from factories import AnItem, Put
from http_client import HttpClient
from raw_client import RawClient

from connect_batchmock import ConnectMock, PlanError, Queue

PATIENCE = 30

LogQueue: TypeAlias = "SimpleQueue[logging.LogRecord]"


class Receiver:
    """An HTTP server that keeps what is posted to it."""

    def __init__(self) -> None:
        self.posts: PostQueue[tuple[str, str, Any]] = PostQueue()
        self.status = 200
        self.may_respond = threading.Event()
        self.may_respond.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.posts.put((self.path, self.headers["content-type"], json.loads(body)))
                receiver.may_respond.wait(PATIENCE)
                self.send_response(receiver.status)
                self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self._thread.start()

    def next(self) -> Any:
        """Return the next event or record that arrives."""
        return self.posts.get(timeout=PATIENCE)[2]

    def stop(self) -> None:
        self.may_respond.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(PATIENCE)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def logged() -> Iterator[LogQueue]:
    """Return the queue of what the server logs."""
    records: LogQueue = SimpleQueue()
    handler, logger = QueueHandler(records), logging.getLogger("connect_batchmock.server")
    logger.addHandler(handler)
    yield records
    logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def agent(connect_queue: Queue) -> None:
    """Add one agent."""
    connect_queue.add_agents(1)


def test_each_event_is_posted_as_eventbridge_delivers_it(
    connect_mock: ConnectMock, receiver: Receiver, put: Put, an_item: AnItem
) -> None:
    with connect_mock.serve(deliver_events=f"{receiver.url}/events"):
        put(an_item())
        connect_mock.advance(100)
        posts = [receiver.posts.get(timeout=PATIENCE) for _ in connect_mock.events]
    assert [body for _, _, body in posts] == connect_mock.events
    assert len(posts) == 6
    assert {(path, content_type) for path, content_type, _ in posts} == {("/events", "application/json")}


def test_each_record_is_posted_to_a_url_of_its_own(
    connect_mock: ConnectMock, receiver: Receiver, put: Put, an_item: AnItem
) -> None:
    urls = {"deliver_events": f"{receiver.url}/events", "deliver_records": f"{receiver.url}/records"}
    with connect_mock.serve(**urls):
        put(an_item())
        connect_mock.advance(100)
        posts = [receiver.posts.get(timeout=PATIENCE) for _ in range(7)]
    assert [body for path, _, body in posts if path == "/records"] == connect_mock.contact_records


def test_what_is_posted_goes_through_delivery(
    connect_mock: ConnectMock, receiver: Receiver, put: Put, an_item: AnItem
) -> None:
    with connect_mock.serve(deliver_events=receiver.url):
        connect_mock.delivery(duplicates=1, delay=10)
        put(an_item())
        connect_mock.advance(1)
        assert receiver.posts.empty()
        connect_mock.advance(10)
        assert receiver.next() == receiver.next() == connect_mock.events[0]


@pytest.mark.parametrize("way", ["reset", "restore"])
def test_a_target_outlives_what_the_mock_forgets(
    connect_mock: ConnectMock, receiver: Receiver, way: str
) -> None:
    http = HttpClient(connect_mock)
    before = http.post("snapshot").json["result"]
    with connect_mock.serve(deliver_events=receiver.url):
        http.post(way, {"snapshot": before} if way == "restore" else {})
        instance = connect_mock.add_instance()
        connect_mock.client().start_outbound_voice_contact(
            InstanceId=instance.id,
            DestinationPhoneNumber="+15555550100",
            ContactFlowId="any",
            SourcePhoneNumber="+15555550199",
        )
        assert receiver.next() == connect_mock.events[-1]


def test_nothing_is_posted_after_the_end_of_the_server(
    connect_mock: ConnectMock, receiver: Receiver, put: Put, an_item: AnItem
) -> None:
    first, second = connect_mock.serve(deliver_events=receiver.url), connect_mock.serve()
    first.stop()
    first.stop()
    second.stop()
    put(an_item())
    assert receiver.posts.empty()


def test_no_request_waits_for_a_receiver(
    connect_mock: ConnectMock, receiver: Receiver, put: Put, an_item: AnItem
) -> None:
    receiver.may_respond.clear()
    with connect_mock.serve(deliver_events=receiver.url) as server:
        put(an_item())
        assert receiver.next()["detail"]["eventType"] == "INITIATED"
        assert RawClient(server.url).ask("GET", "/instance").status == 200
        connect_mock.advance(100)
    # The server has stopped, although the receiver has not responded, and drops what it has not posted.
    assert len(connect_mock.events) == 6
    receiver.may_respond.set()
    for thread in threading.enumerate():
        if thread.name == f"connect-batchmock posts events to {receiver.url}":
            thread.join(PATIENCE)
    assert receiver.posts.empty()


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_failure_is_logged_once(
    connect_mock: ConnectMock,
    receiver: Receiver,
    put: Put,
    an_item: AnItem,
    logged: LogQueue,
    status: int,
) -> None:
    receiver.status = status
    with connect_mock.serve(deliver_events=receiver.url):
        put(an_item())
        connect_mock.advance(100)
        bodies = [receiver.next() for _ in range(6)]
        message = logged.get(timeout=PATIENCE).getMessage()
    assert bodies == connect_mock.events
    assert message == (
        f"POST of one of the events to {receiver.url} failed: the response has the status {status}. "
        f"It is not sent again, and further failures of this kind are not logged."
    )
    assert logged.empty()


def test_a_receiver_that_is_not_there_stops_nothing(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, logged: LogQueue
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with connect_mock.serve(deliver_events=url) as server:
        put(an_item())
        connect_mock.advance(100)
        assert RawClient(server.url).ask("GET", "/instance").status == 200
        message = logged.get(timeout=PATIENCE).getMessage()
    assert message.startswith(f"POST of one of the events to {url} failed: [")


@pytest.mark.connect_mock(strict=False)
def test_a_listener_that_raises_does_not_stop_a_target(
    connect_mock: ConnectMock, receiver: Receiver, put: Put, an_item: AnItem
) -> None:
    @connect_mock.on_event
    def broken(event: dict[str, Any]) -> None:
        raise KeyError(event["detail"]["eventType"])

    connect_mock.delivery(delay=0.2)
    with connect_mock.serve(deliver_events=receiver.url):
        # Only the target looks at the clock.
        put(an_item())
        assert receiver.next()["detail"]["eventType"] == "INITIATED"
        connect_mock.delivery()
        with pytest.raises(PlanError, match="KeyError: 'INITIATED'"):
            put(an_item())
        assert receiver.next()["detail"]["eventType"] == "INITIATED"


@pytest.mark.parametrize(
    "url", ["", "localhost:80", "ftp://localhost/", "http://", "http://[", "http://x:y", 5]
)
@pytest.mark.parametrize("kind", ["events", "records"])
def test_a_target_needs_a_url(connect_mock: ConnectMock, kind: str, url: Any) -> None:
    with pytest.raises(ValueError, match=rf"takes deliver_{kind}= as the URL of a receiver, .*, not ['5]"):
        connect_mock.serve(**{f"deliver_{kind}": url})
