"""Check that an editor completes the operations, codes, reasons and states that a test names.

Run it with ``python tests/tools/completion.py``. It asks the language server of pyright, as an editor does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "typing"

HEAD = """\
from connect_batchmock import ConnectMock


def test(connect_mock: ConnectMock) -> None:
    """

OFFERED = {
    'connect_mock.reject_contacts("': ["REQUEST_THROTTLED", "INTERNAL_ERROR", "INVALID_QUEUE"],
    'connect_mock.reject_requests("': ["RequestThrottled", "BufferLimitExceeded"],
    'connect_mock.fail("': ["BatchPutContact", "PutDialRequestBatch"],
    'connect_mock.fail("BatchPutContact", "': ["LimitExceededException", "ThrottlingException"],
    'connect_mock.lose_response("': ["BatchPutContact"],
    'connect_mock.delay("': ["BatchPutContact"],
    'connect_mock.limit_rate("BatchPutContact", error="': ["TooManyRequestsException"],
    'connect_mock.wait_for_call("': ["BatchPutContact"],
    'connect_mock.assert_called("': ["BatchPutContact"],
    'connect_mock.fake("': ["ListPrompts"],
    'connect_mock.passthrough("': ["ListPrompts"],
    'connect_mock.calls.where(operation="': ["BatchPutContact"],
    'connect_mock.contacts.where(state="': ["QUEUED", "COMPLETED"],
    'connect_mock.failed_requests.one(reason="': ["INVALID_QUEUE", "InvalidInput"],
    'connect_mock.contacts[0].state == "': ["CONNECTED_TO_AGENT"],
    'connect_mock.instances[0].campaigns[0].state == "': ["Running"],
}


class LanguageServer:
    """pyright's language server, asked over its standard streams."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["pyright-langserver", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=FOLDER
        )
        self._number = 0
        root = FOLDER.as_uri()
        self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root,
                "capabilities": {},
                "workspaceFolders": [{"uri": root, "name": "typing"}],
            },
        )
        self._send({"method": "initialized", "params": {}})

    def completions(self, text: str) -> set[str]:
        """Return what is offered at the end of a text."""
        self._number += 1
        uri = (FOLDER / f"completed_{self._number}.py").as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        lines = text.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        result = self.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        items: list[dict[str, Any]] = result["items"]
        return {str(item["label"]).strip("\"'") for item in items}

    def request(self, method: str, params: Any) -> Any:
        """Return the result of a request; what the server asks meanwhile gets an empty answer."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._read()
            if "method" in message and "id" in message:
                count = (
                    len(message["params"]["items"]) if message["method"] == "workspace/configuration" else 0
                )
                self._send({"id": message["id"], "result": [{}] * count})
            elif message.get("id") == number:
                return message.get("result")

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message


def main() -> int:
    """Return how many of the lines of code are not completed as they should be."""
    server = LanguageServer()
    failures = 0
    try:
        for code, wanted in OFFERED.items():
            offered = server.completions(f"{HEAD}{code}")
            missing = [text for text in wanted if text not in offered]
            failures += bool(missing)
            print(f"{code:52} {f'lacks {missing}' if missing else f'{len(offered)} texts'}")  # noqa: T201
    finally:
        server.stop()
    return failures


if __name__ == "__main__":
    sys.exit(main())
