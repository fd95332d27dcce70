"""Sealed attributes: values that are ciphertext in the table and open only in their own place.

A ciphertext is bound to table, column, row and key scope, which a column type never sees; a
descriptor on the mapped class does. Values are written as canonical JSON, so "not asked" is sealed
like any answer and its presence does not show.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar, cast, overload
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, Select, event
from sqlalchemy.orm import Session, load_only, mapped_column, object_session
from sqlalchemy.orm.interfaces import ORMOption

from casemgr.errors import CasemgrError, Locked, SealError

T = TypeVar("T")

PENDING = b""
"""Stands in the column until the flush seals it; a check constraint refuses it in the table."""


class SealedComparison(CasemgrError):
    """A sealed attribute was used in a query, where it could only ever compare ciphertext."""


class KeyCount(Protocol):
    """How many data keys share a purpose, a state and a root key."""

    @property
    def purpose(self) -> str:
        """What they seal."""

    @property
    def state(self) -> str:
        """Whether they are active, retired or destroyed."""

    @property
    def root_key_id(self) -> str:
        """Which root key wraps them."""

    @property
    def count(self) -> int:
        """How many they are."""


class Keyring(Protocol):
    """What features need of `casemgr.keys`, which stands above: data keys, and keys derived from the root."""

    def seal(
        self,
        session: Session,
        *,
        purpose: str,
        scope: UUID,
        table: str,
        column: str,
        row: UUID,
        plaintext: bytes,
    ) -> bytes:
        """Seal a value for one cell."""

    def open(
        self, session: Session, blob: bytes, *, table: str, column: str, row: UUID, scope: UUID
    ) -> bytes:
        """Open the value of one cell or raise `SealError`."""

    def prefetch(self, session: Session, blobs: Iterable[bytes]) -> None:
        """Fetch the data keys of many cells before they are opened."""

    def take(self, session: Session, rows: Iterable[Any]) -> None:
        """Open data keys that another query has read along."""

    def prepare(self, session: Session, purpose: str, scopes: Sequence[UUID]) -> None:
        """Fetch or make the data keys of many scopes before much is sealed."""

    def destroy(self, session: Session, purpose: str, scope: UUID) -> tuple[UUID, ...]:
        """Destroy all data keys of a scope and return their ids."""

    def destroy_many(self, session: Session, purpose: str, scopes: Sequence[UUID]) -> tuple[UUID, ...]:
        """Destroy all data keys of many scopes and return their ids."""

    def derive(self, purpose: str) -> bytes:
        """Derive the fixed key of a purpose from the root key."""

    def status(self, session: Session) -> Sequence[KeyCount]:
        """Count the data keys by purpose, state and root key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose data key seals a table's rows: a purpose, and the attribute that holds the scope's id."""

    purpose: str
    attribute: str


class _Uncomparable:
    """What a sealed attribute is on the class: every use in a query raises."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def _refuse(self, *_: object, **__: object) -> Any:
        raise SealedComparison(object.__getattribute__(self, "_name"))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_sa_") or name in {"__set_name__", "__wrapped__"}:
            raise AttributeError(name)
        return self._refuse()

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __and__ = __or__ = __invert__ = __contains__ = __getitem__ = __bool__ = _refuse
    __hash__ = object.__hash__

    @property
    def __clause_element__(self) -> Any:
        return self._refuse()


class Sealed(Generic[T]):
    """A descriptor that seals one attribute of a mapped class; assign whole values, never mutate them."""

    def __init__(self, dump: Callable[[T], object], load: Callable[[Any], T]) -> None:
        self._dump = dump
        self._load = load
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def column(self) -> str:
        """The mapped attribute that holds the ciphertext."""
        return f"_sealed_{self.name}"

    @overload
    def __get__(self, instance: None, owner: type) -> Any: ...
    @overload
    def __get__(self, instance: "Sealing", owner: type) -> T: ...
    def __get__(self, instance: "Sealing | None", owner: type) -> Any:
        if instance is None:
            return _Uncomparable(f"{owner.__name__}.{self.name}")
        opened = instance.__dict__.setdefault("_opened", {})
        if self.name not in opened:
            opened[self.name] = self._open(instance)
        return opened[self.name]

    def __set__(self, instance: "Sealing", value: T) -> None:
        opened = instance.__dict__.setdefault("_opened", {})
        opened[self.name] = value
        instance.__dict__.setdefault("_unsealed", set()).add(self.name)
        setattr(instance, self.column, PENDING)

    def fill(self, instance: "Sealing") -> None:
        """Give a new row a sealed "nothing", so that an absent answer does not show."""
        if self.name not in instance.__dict__.get("_opened", {}):
            self.__set__(instance, cast("T", None))

    def _open(self, instance: "Sealing") -> T | None:
        blob = getattr(instance, self.column)
        if blob is None or blob == PENDING:
            return None
        session, keyring = _session_of(instance)
        place = instance.place_of(self.name)
        return self.read(keyring.open(session, blob, **place))

    def read(self, text: bytes) -> T | None:
        """Read what `seal` had written."""
        value = json.loads(text)
        return None if value is None else self._load(value)

    def seal(self, instance: "Sealing", session: Session, keyring: Keyring) -> bytes:
        """Seal the pending value into its column and return the ciphertext."""
        value = instance.__dict__["_opened"][self.name]
        content = None if value is None else self._dump(value)
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        blob = keyring.seal(
            session,
            purpose=instance.__scope__.purpose,
            plaintext=text.encode(),
            **instance.place_of(self.name),
        )
        setattr(instance, self.column, blob)
        return blob


class Sealing:
    """Mixin of every table with sealed attributes: knows the place of each of its cells."""

    __scope__: Scope
    __sealings__: dict[str, Sealed[Any]]
    id: Any

    def place_of(self, name: str) -> dict[str, Any]:
        """Return what binds a cell: table, column, row and scope."""
        scope = getattr(self, self.__scope__.attribute)
        if scope is None:
            raise ValueError(f"{type(self).__name__}.{self.__scope__.attribute} is unknown: cannot seal")
        return {"table": cast("Any", self).__tablename__, "column": name, "row": self.id, "scope": scope}

    def forget(self) -> None:
        """Drop opened values that are safely sealed, because the row may have changed underneath."""
        kept = self.__dict__.get("_unsealed", set())
        opened = self.__dict__.get("_opened", {})
        self.__dict__["_opened"] = {name: value for name, value in opened.items() if name in kept}


def install_sealed(cls: type) -> None:
    """Turn the sealed attributes of a class that is being declared into binary columns."""
    sealings: dict[str, Sealed[Any]] = {}
    for parent in reversed(cls.__mro__):
        sealings.update({name: value for name, value in vars(parent).items() if isinstance(value, Sealed)})
    for name, sealing in sealings.items():
        # The stored name differs from the attribute's, so that an UPDATE by name cannot write in the clear.
        stored = f"{name}_sealed"
        check = CheckConstraint(f"length({stored}) > 0", name=stored)
        column = mapped_column(stored, LargeBinary, check, nullable=False, info={"class": "sealed"})
        setattr(cls, sealing.column, column)
    cast("Any", cls).__sealings__ = sealings


def seal_pending(session: Session, rows: Iterable[object]) -> None:
    """Seal every value that was assigned since the last flush, and note its digest for the audit."""
    for row in rows:
        names = row.__dict__.get("_unsealed") if isinstance(row, Sealing) else None
        if not names:
            continue
        sealing_row = cast("Sealing", row)
        keyring = keyring_of(session)
        for name in sorted(names):
            blob = sealing_row.__sealings__[name].seal(sealing_row, session, keyring)
            place = sealing_row.place_of(name)
            digest = hashlib.sha256(blob).digest()
            session.info.setdefault("sealed_writes", []).append((place["table"], place["row"], name, digest))
        names.clear()


def prefetch(session: Session, rows: Iterable[Sealing], *names: str) -> None:
    """Fetch the data keys of many rows with few queries, before their named attributes are opened."""
    keyring_of(session).prefetch(
        session, [getattr(row, row.__sealings__[name].column) for row in rows for name in names]
    )


def open_cells(
    session: Session, rows: Select[Any], table: type["Sealing"], name: str
) -> Iterator[tuple[UUID, Any]]:
    """Open one sealed attribute of all rows that a query finds, without making objects of them.

    For scans of thousands: yields the id of each row that its key's scope is, and the opened value. One that
    was erased, or is damaged, is left out: it must not keep all others from being found.
    """
    sealing, keyring = table.__sealings__[name], keyring_of(session)
    if table.__scope__.attribute != "id":
        raise ValueError(f"{table.__name__} is not sealed under keys of its own")
    column: Any = getattr(table, sealing.column)
    found = session.execute(rows.with_only_columns(table.id, column)).all()
    keyring.prefetch(session, [blob for _, blob in found])
    place = {"table": cast("Any", table).__tablename__, "column": name}
    for row_id, blob in found:
        try:
            opened = keyring.open(session, blob, row=row_id, scope=row_id, **place)
        except SealError:
            continue
        yield row_id, sealing.read(opened)


def only(table: type["Sealing"], *names: str) -> ORMOption:
    """Let a list read the attributes that it shows, sealed ones too, and no long document beside them."""
    columns = [table.__sealings__[name].column if name in table.__sealings__ else name for name in names]
    return load_only(*(getattr(table, column) for column in columns), raiseload=True)


def has_sealed(session: Session) -> bool:
    """Say whether a unit of work has sealed anything, or is about to."""
    return bool(session.info.get("sealed_writes") or session.new or session.dirty)


def keyring_of(session: Session) -> Keyring:
    """Return the unit of work's keyring, or raise `Locked` while the root key is away."""
    keyring = session.info.get("keyring")
    if keyring is None:
        raise Locked
    return cast("Keyring", keyring)


def _session_of(instance: Sealing) -> tuple[Session, Keyring]:
    session = object_session(instance)
    if session is None:
        raise Locked
    return session, keyring_of(session)


@event.listens_for(Sealing, "expire", propagate=True)
def _forget_expired(target: Sealing | None, _attributes: object) -> None:
    if target is not None:
        target.forget()


@event.listens_for(Sealing, "refresh", propagate=True)
def _forget_refreshed(target: Sealing | None, _context: object, _attributes: object) -> None:
    if target is not None:
        target.forget()


def sealed_text() -> Sealed[str | None]:
    """Declare a sealed text."""
    return Sealed(lambda value: value, str)


def sealed_int() -> Sealed[int | None]:
    """Declare a sealed whole number."""
    return Sealed(lambda value: value, int)


def sealed_date() -> Sealed[date | None]:
    """Declare a sealed calendar day."""
    return Sealed(lambda value: cast("date", value).isoformat(), date.fromisoformat)


def sealed_json() -> Sealed[Any]:
    """Declare a sealed document of plain JSON values; replace it whole to change it."""
    return Sealed(lambda value: value, lambda value: value)


def sealed_bytes() -> Sealed[bytes | None]:
    """Declare a sealed file."""
    return Sealed(lambda value: b64encode(cast("bytes", value)).decode(), b64decode)
