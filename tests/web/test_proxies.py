"""What a request says about proxies, from the attacker's side: forged headers, wrong counts, other ways."""

import pytest

from casemgr.web.headers import HEADERS
from casemgr.web.proxies import DirectRequests, ProxiedRequests

PROXY = "10.0.0.2"
CLIENT = "203.0.113.9"


def asked(application, peer=PROXY, path="/sign-in", **headers):
    """Send a request and return its status and what the pages would see of it."""
    seen = {}

    def start(status, said):
        seen.update(status=status, headers=dict(said))

    environ = {"REMOTE_ADDR": peer, "PATH_INFO": path, "wsgi.url_scheme": "http"}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    seen["body"] = b"".join(application(environ, start))
    return seen


def pages(environ, start):
    start("200 OK", list(environ.items()))
    return [b"page"]


def behind(hops, *proxies):
    return ProxiedRequests(pages, hops, proxies or (PROXY,))


def test_what_the_named_proxy_says_is_believed():
    seen = asked(behind(1), x_forwarded_for=CLIENT, x_forwarded_proto="https")

    assert seen["status"] == "200 OK"
    assert seen["headers"]["REMOTE_ADDR"] == CLIENT
    assert seen["headers"]["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param("", id="none"),
        pytest.param("192.0.2.66, 203.0.113.9", id="one more, as when the client forged the first"),
        pytest.param("192.0.2.66,203.0.113.9,10.0.0.3", id="two more"),
        pytest.param("not-an-address", id="no address"),
        pytest.param("203.0.113.9:4711", id="a port"),
    ],
)
def test_a_chain_that_has_not_one_address_is_refused_for_one_proxy(chain):
    seen = asked(behind(1), x_forwarded_for=chain, x_forwarded_proto="https")

    assert seen["status"].startswith("400")
    assert b"CASEMGR_PROXY_HOPS" in seen["body"]
    assert HEADERS.items() <= seen["headers"].items()


def test_two_proxies_are_neither_one_nor_three():
    chain = f"{CLIENT}, 10.0.0.1"
    assert (
        asked(behind(2), x_forwarded_for=chain, x_forwarded_proto="https")["headers"]["REMOTE_ADDR"] == CLIENT
    )
    for wrong in (CLIENT, f"192.0.2.66, {chain}"):
        assert asked(behind(2), x_forwarded_for=wrong, x_forwarded_proto="https")["status"].startswith("400")


@pytest.mark.parametrize("scheme", ["http", "", "https, http", "http, https", "HTTPS"])
def test_a_way_without_tls_is_refused(scheme):
    assert asked(behind(1), x_forwarded_for=CLIENT, x_forwarded_proto=scheme)["status"].startswith("400")


@pytest.mark.parametrize("peer", [CLIENT, "127.0.0.1", "10.0.0.3", ""])
def test_who_goes_past_the_proxy_is_refused_with_the_best_of_headers(peer):
    assert asked(behind(1), peer, x_forwarded_for=CLIENT, x_forwarded_proto="https")["status"].startswith(
        "400"
    )


def test_a_proxy_is_known_however_its_address_is_written():
    for named, peer in (("127.0.0.1", "::ffff:127.0.0.1"), ("0:0:0:0:0:0:0:1", "::1")):
        seen = asked(behind(1, named), peer, x_forwarded_for=CLIENT, x_forwarded_proto="https")
        assert seen["status"] == "200 OK"


def test_further_headers_about_proxies_never_arrive():
    forged = {
        "x_forwarded_host": "evil.example",
        "x_forwarded_prefix": "/x",
        "forwarded": "for=1",
        "x_real_ip": "1",
    }
    for application, more in (
        (behind(1), {"x_forwarded_for": CLIENT, "x_forwarded_proto": "https"}),
        (DirectRequests(pages), {"x_forwarded_for": "192.0.2.66", "x_forwarded_proto": "https"}),
    ):
        seen = asked(application, **forged, **more)
        assert seen["status"] == "200 OK"
        assert not [name for name in seen["headers"] if "FORWARD" in name or "REAL_IP" in name]


def test_without_proxies_a_forged_address_and_scheme_change_nothing():
    seen = asked(DirectRequests(pages), CLIENT, x_forwarded_for="192.0.2.66", x_forwarded_proto="https")

    assert seen["headers"]["REMOTE_ADDR"] == CLIENT
    assert seen["headers"]["wsgi.url_scheme"] == "http"


def test_not_even_a_program_on_this_machine_goes_past_the_proxy_to_a_page():
    for path in ("/sign-in", "/healthz"):
        assert asked(behind(1), "127.0.0.1", path)["status"].startswith("400")
