"""`casemgr serve`: the web server, until it is told to stop; then it finishes what was begun."""

import errno
import ipaddress
import socket
import webbrowser
from dataclasses import replace

import click

from casemgr import db
from casemgr.audit import service as audit
from casemgr.backups.making import put_checkpoint
from casemgr.cli.acting import door
from casemgr.cli.answering import tell
from casemgr.cli.installation import Installation
from casemgr.cli.logs import log_as_json
from casemgr.cli.program import NOT_NOW
from casemgr.cli.server import Server, TablesWatch, listen, tell_ready, wait_for_tables
from casemgr.cli.spoken import SpokenCommand
from casemgr.cli.tls_front import TlsFront, own_context
from casemgr.cli.working import WorkerBeside
from casemgr.errors import Refused
from casemgr.factory import create_app


@click.command(cls=SpokenCommand, help="help.serve")
@click.option("--port", type=click.IntRange(0, 65535), help="help.serve.port")
@click.option("--address", help="help.serve.address")
@click.option("--tls", is_flag=True, help="help.serve.tls")
@click.option("--wait", is_flag=True, help="help.serve.wait")
@click.option("--worker/--no-worker", "has_worker", default=None, help="help.serve.worker")
@click.option("--open", "opens", is_flag=True, help="help.serve.open")
@click.pass_obj
def serve(
    installation: Installation,
    port: int | None,
    address: str | None,
    *,
    tls: bool,
    wait: bool,
    has_worker: bool | None,
    opens: bool,
) -> int:
    """Serve the pages until SIGTERM, Ctrl-C, or a newer program has changed the tables."""
    if address is not None:
        installation.settings = replace(installation.settings, address=address)
    settings = installation.settings
    if not tls:
        refuse_open_address(settings.address, settings.proxy_hops)
    if wait:
        wait_for_tables(installation)
    installation.require_current_tables()
    _ = installation.keyring
    listening = _listen(settings.address, settings.port if port is None else port)
    front = _tls_front(installation, listening) if tls else None
    shown = _shown_address(settings.address, listening, is_tls=tls)
    tell("serve.at", address=shown)
    tell_ready()
    if opens:
        webbrowser.open(shown)
    is_alone = installation.database.is_sqlite if has_worker is None else has_worker
    worker = WorkerBeside(installation) if is_alone else None
    is_outdated = serve_until_told(installation, listening, worker, front)
    if is_outdated:
        installation.refuse_closed()
        tell("serve.outdated")
        return NOT_NOW
    tell("serve.ended")
    return 0


def refuse_open_address(address: str, proxy_hops: int) -> None:
    """Refuse to be reached from other machines without TLS in front."""
    if not proxy_hops and not _is_loopback(address):
        raise Refused("address_open")


def _listen(address: str, port: int) -> socket.socket:
    try:
        return listen(address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            tell("serve.port_taken", port=port)
        raise


def _tls_front(installation: Installation, listening: socket.socket) -> TlsFront:
    """Put TLS in front, under the names that browsers may use, and say what to compare on the telephone."""
    settings = installation.settings
    is_any = settings.address in {"0.0.0.0", "::"}  # noqa: S104 - compared, not listened on
    names = {*settings.hosts, *(() if is_any else (settings.address,))}
    installation.settings = replace(settings, hosts=tuple(sorted(names)), proxy_hops=0)
    context, fingerprint = own_context(installation.places, installation.keyring, names)
    tell("serve.fingerprint", fingerprint=fingerprint)
    return TlsFront(listening, context)


def _shown_address(address: str, listening: socket.socket, *, is_tls: bool) -> str:
    host = f"[{address}]" if ":" in address else address
    return f"{'https' if is_tls else 'http'}://{host}:{listening.getsockname()[1]}"


def serve_until_told(
    installation: Installation,
    listening: socket.socket,
    worker: WorkerBeside | None,
    front: TlsFront | None = None,
) -> bool:
    """Answer requests; on SIGTERM take no more, finish those that were begun, sign the audit log.

    Returns whether it ended because a newer program has changed the tables.
    """
    log_as_json()
    settings, database, keyring = installation.settings, installation.database, installation.keyring
    database.closed = installation.places.moved
    app = create_app(settings, database, keyring)
    _note(installation, "system:start")
    server = Server(app, listening, front)
    try:
        is_outdated = server.run(worker, TablesWatch(database, installation.places.moved))
    finally:
        if worker is not None:
            worker.end()
    if not is_outdated:
        _note(installation, "system:stop")
        put_checkpoint(database, keyring, installation.places)
    return is_outdated


def _note(installation: Installation, action: str) -> None:
    with db.work(installation.database, installation.keyring, write=True):
        audit.noted(None, action, "system", door=door())


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
