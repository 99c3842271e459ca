"""What is wrong with a server, or with what it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock._text import cut, listed


def server_not_installed(module: str | None) -> str:
    return (
        f"connect_batchmock serves with the libraries of its extra 'server', of which {module!r} is not "
        f"installed: python -m pip install 'connect-batchmock[server]'"
    )


def not_a_port(port: object) -> str:
    return f"A server listens at a port from 1 to 65535, or at any that is free with 0, not at {port!r}."


def not_loopback(host: str) -> str:
    return (
        f"A server listens at an address of this machine alone, such as '127.0.0.1', '::1' or 'localhost', "
        f"and not at {host!r}: whoever reaches it can do what they like with the mock. Where that is meant, "
        f"say allow_remote=True, or --allow-remote on the command line."
    )


def cannot_listen(host: str, port: int, why: str) -> str:
    return f"Nothing can listen at port {port} of {host!r}: {why}. Port 0 is any that is free."


def unknown_host(host: str, names: Sequence[str]) -> str:
    return (
        f"This server is not known as {cut(host, 200)!r}, but as {listed(names)} and by its IP addresses. If "
        f"that is a name of its own, give it with allow_hosts=, or --allow-host on the command line."
    )


def from_another_site(header: str, value: str) -> str:
    return (
        f"The request comes from a page of another site ({header}: {cut(value, 200)}), which has no business "
        f"here. Type the address into the browser, or call the server from a program."
    )


def not_a_path_of_a_request(path: str) -> str:
    return f"The target of a request is a path that begins with '/', not {cut(path, 200)!r}."


def not_json(content_type: str) -> str:
    said = f"not {cut(content_type, 100)!r}" if content_type else "and says so"
    return f"What changes the mock is sent as Content-Type: application/json, {said}."


def body_too_long(most: int) -> str:
    return f"The body of the request is longer than {most:,} bytes, which no operation takes."


def signed_for_another(name: str) -> str:
    return (
        f"The request is signed for {cut(name, 60)!r}, which is not served here: this server answers what is "
        f"signed for 'connect' and 'connect-campaigns'."
    )


def unsigned_and_unclear(services: Sequence[str]) -> str:
    return (
        f"The request is not signed, and {listed(services)} all have its path. Sign it with any credentials "
        f"(Signature Version 4): the signature says which service is meant."
    )


def nowhere_to_go_on(method: str, path: str) -> str:
    return (
        f"{method} {cut(path, 200)} is let through, by unfaked='passthrough' or connect_mock.allow(), and "
        f"from a server there is no way to go on. Answer it with connect_mock.fake()."
    )


def not_a_whole_number(text: str) -> str:
    return f"a whole number is expected, not {text!r}"


def see_help(message: str, command: str) -> str:
    return f"{message} (see {command} --help)"
