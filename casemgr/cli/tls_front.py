"""TLS in front of the server on one laptop: its own certificate, and every byte handed on to the server.

The server that speaks HTTP is the same in every profile; here it listens on loopback alone. Handshakes wait
for nobody: a telephone that stops in the middle of one holds up no other.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from casemgr import clock
from casemgr.backups.places import Places
from casemgr.crypto.certificates import fingerprint_of, is_usable, new_certificate
from casemgr.crypto.keyfiles import read_key_file, replace_key_file
from casemgr.keys.service import Keyring

CERTIFICATE = "tls-certificate.pem"
KEY = "tls-key.pem"
HANDSHAKE_SECONDS = 10.0
MOST_CONNECTIONS = 90
_PURPOSE = "tls-key"
_CHUNK = 65536
_LOOPBACK = "127.0.0.1"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def own_context(places: Places, keyring: Keyring, names: Collection[str]) -> tuple[ssl.SSLContext, str]:
    """Return how to speak TLS under our own certificate, and its fingerprint.

    The certificate is made at the first use, and made anew when names are added or its end is near. Its key
    lies on the disk encrypted under the root keys.
    """
    certificate, key = places.directory / CERTIFICATE, places.directory / KEY
    password = keyring.derive(_PURPOSE).hex().encode()
    if not _is_there(certificate, key) or not is_usable(certificate.read_bytes(), names, clock.now()):
        key_text, certificate_text = new_certificate(names, password, clock.now())
        replace_key_file(key, key_text)
        replace_key_file(certificate, certificate_text)
    read_key_file(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key, password=lambda: password)
    return context, fingerprint_of(certificate.read_bytes())


def _is_there(*paths: Path) -> bool:
    return all(path.exists() for path in paths)


class TlsFront:
    """Takes TLS connections in a thread of its own and hands their bytes to a server on loopback."""

    def __init__(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        self._listening = listening
        self._context = context
        self._port = 0
        self._peers: dict[int, tuple[str]] = {}
        self._loop: asyncio.AbstractEventLoop
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._run, name="tls", daemon=True)

    def start(self, port: int) -> None:
        """Begin to take connections for a server on this port of loopback."""
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda *_: None)
        self._thread.start()

    def close(self) -> None:
        """Take no more connections; those that are open go on."""
        self._loop.call_soon_threadsafe(self._close_server)

    def end(self) -> None:
        """End every connection and the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def wrap(self, application: Application) -> Application:
        """Give requests the address of who sent them; refuse what did not come through here."""

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            peer = self._peers.get(int(environ.get("REMOTE_PORT", 0)))
            if peer is None:
                start_response("403 Forbidden", [("Content-Length", "0")])
                return []
            environ["REMOTE_ADDR"] = peer[0]
            environ["wsgi.url_scheme"] = "https"
            return application(environ, start_response)

        return answer

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        starting = asyncio.start_server(
            self._take,
            sock=self._listening,
            ssl=self._context,
            ssl_handshake_timeout=HANDSHAKE_SECONDS,
        )
        self._server = self._loop.run_until_complete(starting)
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _close_server(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port, peer = 0, (writer.get_extra_info("peername")[0],)
        try:
            if len(self._peers) >= MOST_CONNECTIONS:
                return
            inner_reader, inner_writer = await asyncio.open_connection(_LOOPBACK, self._port)
            port = inner_writer.get_extra_info("sockname")[1]
            self._peers[port] = peer
            await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            # The system may have given the port to the next connection already.
            if self._peers.get(port) is peer:
                del self._peers[port]
            writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    with suppress(OSError):
        writer.close()
