"""Tells those above what changed about a person or a consent; they register themselves here."""

from collections.abc import Callable, Sequence
from uuid import UUID

from casemgr.policy import Actor

Listener = Callable[[Actor, Sequence[UUID]], None]

ConsentListener = Callable[[Actor, UUID, str], None]

ConferenceListener = Callable[[Actor, UUID], None]

_listeners: list[Listener] = []
_consent_listeners: list[ConsentListener] = []
_conference_listeners: list[ConferenceListener] = []


def on_change(listener: Listener) -> Listener:
    """Register somebody who is told which cases are touched when a person or a consent changes."""
    _listeners.append(listener)
    return listener


def tell(actor: Actor, case_ids: Sequence[UUID]) -> None:
    """Tell all listeners, in the transaction of the change."""
    for listener in _listeners:
        listener(actor, case_ids)


def on_consent(listener: ConsentListener) -> ConsentListener:
    """Register somebody who is told of which case a consent to referrals for a service changed."""
    _consent_listeners.append(listener)
    return listener


def tell_consent(actor: Actor, case_id: UUID, service: str) -> None:
    """Tell all of them, in the transaction of the change."""
    for listener in _consent_listeners:
        listener(actor, case_id, service)


def on_conference_consent(listener: ConferenceListener) -> ConferenceListener:
    """Register somebody who is told of which case a consent to case conferences changed."""
    _conference_listeners.append(listener)
    return listener


def tell_conference_consent(actor: Actor, case_id: UUID) -> None:
    """Tell all of them, in the transaction of the change."""
    for listener in _conference_listeners:
        listener(actor, case_id)
