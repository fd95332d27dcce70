"""The error tree: what services raise, and `casemgr.web.errors` turns into pages."""


class CasemgrError(Exception):
    """Anything that casemgr refuses or cannot do."""


class NotFound(CasemgrError):
    """The record does not exist, or the actor may not know that it does."""


class Forbidden(CasemgrError):
    """The actor's roles never include this act."""


class Conflict(CasemgrError):
    """The change clashes with a rule about one field."""

    def __init__(self, field: str, reason: str = "conflict") -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


class InvalidState(CasemgrError):
    """The record's state does not allow this step."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class StaleVersion(CasemgrError):
    """Somebody else changed the record since the form was opened."""


class Refused(CasemgrError):
    """A rule of the field forbids the act; `reason` is a stable code that pages put into words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SealError(CasemgrError):
    """A sealed value does not open; deliberately without any detail."""


class Locked(CasemgrError):
    """The root key is away: nothing sealed can be read or written."""


class OtherTables(CasemgrError):
    """The tables are of another version of the program: it may still read, but writes nothing."""

    reason = "upgrade"
