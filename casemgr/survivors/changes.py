"""Tells those who count what is known of a person that it changed; they register themselves here."""

from collections.abc import Callable, Sequence
from uuid import UUID

from casemgr.policy import Actor

Listener = Callable[[Actor, Sequence[UUID]], None]

_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Register somebody who is told which cases are touched when a person or a consent changes."""
    _listeners.append(listener)
    return listener


def tell(actor: Actor, case_ids: Sequence[UUID]) -> None:
    """Tell all listeners, in the transaction of the change."""
    for listener in _listeners:
        listener(actor, case_ids)
