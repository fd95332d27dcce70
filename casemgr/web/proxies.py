"""What proxies say about a request is believed only from those that were named, and only in the exact number.

A forged X-Forwarded-For would let somebody guess passwords under a new address each time, and a forged
X-Forwarded-Proto would let them cross the network in the clear.
"""

import ipaddress
import logging
from collections.abc import Callable, Collection, Iterable
from typing import Any

from casemgr.web.headers import HEADERS

log = logging.getLogger("casemgr")

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

SAID_BY_PROXIES = ("HTTP_X_FORWARDED_", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
REFUSAL = (
    "Yêu cầu không đi qua đúng proxy đã khai báo. Báo người quản trị: CASEMGR_PROXY_HOPS, CASEMGR_PROXIES.\n"
    "This request did not come through the proxies that were declared. Tell the administrator: "
    "CASEMGR_PROXY_HOPS, CASEMGR_PROXIES.\n"
)


class DirectRequests:
    """Nobody stands in front: whatever a request says about proxies is dropped."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request as if nobody stood in front."""
        _forget(environ)
        return self._application(environ, start_response)


class ProxiedRequests:
    """Exactly `hops` proxies stand in front, the last of them at one of `proxies`; all else is refused.

    The outermost proxy must write X-Forwarded-For anew and each further one add to it, so that it holds as
    many addresses as there are proxies: one more was sent by the client, one less went past a proxy. Every
    proxy must have been asked by TLS.
    """

    def __init__(self, application: Application, hops: int, proxies: Collection[str]) -> None:
        self._application = application
        self._hops = hops
        self._proxies = frozenset(map(_plain_address, proxies))

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request that came through all proxies, as from the client that the outermost saw."""
        peer = _plain_address(environ.get("REMOTE_ADDR", ""))
        said = _forget(environ)
        client = self._client(said)
        if peer not in self._proxies or client is None or not self._is_tls(said):
            return _refuse(start_response)
        environ["REMOTE_ADDR"] = client
        environ["wsgi.url_scheme"] = "https"
        return self._application(environ, start_response)

    def _client(self, said: dict[str, str]) -> str | None:
        addresses = _entries(said.get("HTTP_X_FORWARDED_FOR"))
        if len(addresses) != self._hops:
            return None
        try:
            return str(ipaddress.ip_address(addresses[0]))
        except ValueError:
            return None

    def _is_tls(self, said: dict[str, str]) -> bool:
        return set(_entries(said.get("HTTP_X_FORWARDED_PROTO"))) == {"https"}


def is_said_by_proxies(environ: Environ) -> bool:
    """Say whether anything in a request speaks of proxies, declared or not."""
    return any(name.startswith(SAID_BY_PROXIES) for name in environ)


def is_loopback(address: str) -> bool:
    """Say whether an address is of this machine, however it is written."""
    try:
        return ipaddress.ip_address(_plain_address(address)).is_loopback
    except ValueError:
        return False


def _forget(environ: Environ) -> dict[str, str]:
    """Take out of a request everything that it says about proxies, and return it."""
    return {name: environ.pop(name) for name in list(environ) if name.startswith(SAID_BY_PROXIES)}


def _entries(value: str | None) -> list[str]:
    return [part.strip() for part in value.split(",")] if value else []


def _plain_address(text: str) -> str:
    """Write an address in one way; an IPv4 address that an IPv6 socket shows becomes itself again."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _refuse(start_response: Callable[..., Any]) -> list[bytes]:
    log.warning("refused: not through the declared proxies")
    body = REFUSAL.encode()
    head = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("400 Bad Request", [*head, ("Cache-Control", "no-store"), *HEADERS.items()])
    return [body]
