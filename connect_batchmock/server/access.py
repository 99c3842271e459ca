"""The access policy of a server: it checks the host name, the origin and the content type of a request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from connect_batchmock._text import cut, listed
from connect_batchmock.protocol.http import Response

CONTROL = "/_mock"
"""The path of the HTTP API and of the live page."""


class RequestRefusedError(Exception):
    """The server refuses a request.

    Args:
        status: the HTTP status of the response.
        code: the code of the error.
        message: the message of the error.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status: int = status
        self.code: str = code

    def response(self) -> Response:
        """Return the response in the format of a service's error.

        The header ``server`` distinguishes it from the error of a service.
        """
        headers = {
            "content-type": "application/json",
            "server": "connect-batchmock",
            "x-amzn-errortype": self.code,
        }
        return Response(self.status, headers, json.dumps({"message": str(self)}).encode())


class AccessPolicy:
    """Accepts requests to a name of the server, unless they come from a page of another site.

    A page in a browser can send requests to this machine, and can make DNS resolve the page's own name to it
    (DNS rebinding). So the policy accepts only names that no other site can have.

    Args:
        names: the names of the server, besides ``localhost`` and every IP address.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {"localhost", *(name.lower() for name in names if not _is_address(name))}

    def check(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Check a request.

        Args:
            method: the HTTP method.
            path: the path, still percent-encoded.
            headers: the headers, their names in lower case.

        Raises:
            RequestRefusedError: the policy does not accept the request.
        """
        host = headers.get("host", "")
        if not self._is_own_name(_name_in(host)):
            raise RequestRefusedError(
                421,
                "MisdirectedRequest",
                f"This server is not known as {cut(host, 200)!r}, but as {listed(sorted(self._names))} and "
                f"by its IP addresses. If it has that name, too, pass the name in allow_hosts=, or with "
                f"--allow-host on the command line.",
            )
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            raise _foreign_origin("Origin", origin)
        site = headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin"):
            raise _foreign_origin("Sec-Fetch-Site", site)
        if not path.startswith("/"):
            raise RequestRefusedError(
                400,
                "MalformedHttpRequestException",
                f"The target of a request is a path that starts with '/', not {cut(path, 200)!r}.",
            )
        if is_control(path) and method not in ("GET", "HEAD", "OPTIONS"):
            _check_content_type(headers)

    def _is_own_name(self, name: str) -> bool:
        return name in self._names or name.endswith(".localhost") or _is_address(name)


def is_control(path: str) -> bool:
    """Whether a path belongs to the HTTP API of the mock, and not to a service."""
    return path == CONTROL or path.startswith(f"{CONTROL}/")


def _check_content_type(headers: Mapping[str, str]) -> None:
    # A form of another site cannot send this content type.
    content_type = headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        actual = f", not {cut(content_type, 100)!r}" if content_type else ""
        raise RequestRefusedError(
            415,
            "UnsupportedMediaType",
            f"A request that changes the mock needs the header Content-Type: application/json{actual}.",
        )


def _name_in(host: str) -> str:
    """Return the name or the address in a Host header, without the port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _foreign_origin(header: str, value: str) -> RequestRefusedError:
    return RequestRefusedError(
        403,
        "ForeignOrigin",
        f"The request comes from a page of another site ({header}: {cut(value, 200)}), which the server does "
        f"not accept. Type the address into the browser, or call the server from a program.",
    )
