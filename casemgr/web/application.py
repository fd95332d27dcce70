"""One request, one unit of work: changes commit once, readings are written down before they are sent."""

from io import BytesIO
from typing import IO, Any

from flask import Request, Response, g, request

from casemgr import db
from casemgr.audit import service as audit
from casemgr.audit.rules import Note
from casemgr.db import Database, Keyring
from casemgr.db.session import take_afterwards
from casemgr.errors import OtherTables
from casemgr.keys.service import hand_over, opened_in
from casemgr.web.addresses import Addressing
from casemgr.web.assets import Bundling
from casemgr.web.logs import begin_request, log_place, log_request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Discard(Exception):
    """Carries a refused answer out of its unit of work, so that nothing of it is committed."""

    def __init__(self, response: Response) -> None:
        self.response = response


class MemoryRequest(Request):
    """A request whose files stay in memory: a list of people in danger never becomes a temporary file."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return BytesIO()


class CaseApplication(Bundling, Addressing):
    """Flask with a transaction around each request.

    A POST reads and changes in one write transaction, audited in it. A GET reads in a transaction of
    its own; what it read is audited in a short write transaction before the answer leaves. What must
    survive a refusal (throttles, used codes, the audit of the refusal) is kept in that second one.
    """

    request_class = MemoryRequest
    database: Database
    keyring: Keyring | None = None

    def full_dispatch_request(self) -> Response:
        """Answer the request inside its unit of work, with a line in the log where one is wanted."""
        if request.endpoint == "static":
            return super().full_dispatch_request()
        request_id, status = begin_request(), 500
        try:
            response = self._answer(request_id)
            status = response.status_code
        finally:
            log_request(status)
        return response

    def _answer(self, request_id: str) -> Response:
        if request.method == "HEAD":
            # Views tell asking from sending by GET; the server leaves the body out of the answer anyway.
            request.method = "GET"
        writes = request.method not in SAFE_METHODS
        kept: list[Note] = []
        opened: object = None
        try:
            with db.work(self.database, self.keyring, write=writes) as session:
                g.session_info = session.info
                audit.name_request(session, request_id)
                response = super().full_dispatch_request()
                if not writes or response.status_code >= 400:
                    kept = audit.take(session, rolled_back=writes or response.status_code >= 400)
                opened = None if writes else opened_in(session)
                if writes and response.status_code >= 400:
                    raise _Discard(response)  # noqa: TRY301 - leaving the block by an error is what discards it
        except _Discard as discarded:
            response = discarded.response
        except Exception as error:  # noqa: BLE001 - what fails outside the view gets its page all the same
            response = self.finalize_request(self.handle_user_exception(error), from_error_handler=True)
        return self._told(response, kept, opened)

    def _told(self, response: Response, kept: list[Note], opened: object) -> Response:
        """Return the answer once what it read is written down; what reads nothing may leave anyway."""
        try:
            self._keep(kept, opened)
        except Exception as error:
            if g.get("leaves_anyway") and not kept:
                log_place(error)
            elif isinstance(error, OtherTables):
                return self.finalize_request(self.handle_user_exception(error), from_error_handler=True)
            else:
                raise
        return response

    def log_exception(self, exc_info: Any) -> None:
        """Log the kind of an error and its place alone: messages and locals may hold what somebody typed."""
        log_place(exc_info[1])

    def _keep(self, entries: list[Note], opened: object) -> None:
        """Write down what was read, with the keys that reading had opened; whoever acts fetches them anew."""
        acts = take_afterwards(g.pop("session_info", {}))
        if not entries and not acts:
            return
        with db.work(self.database, self.keyring, write=True) as session:
            if opened is not None and not acts:
                hand_over(session, opened)
            for act in acts:
                act()
            audit.give(session, entries)
