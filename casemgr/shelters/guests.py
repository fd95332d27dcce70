"""Who is expected or stays at an address, told by the feature that knows what the keeper may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Flask, current_app

from casemgr.policy import Actor
from casemgr.shelters.rules import People

GUESTS = "casemgr.guests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests:
    """The people of one live stay, in numbers."""

    bundle_id: UUID
    state: str
    since_day: date
    people: People
    needs: str


def set_guest_list(app: Flask, maker: Callable[[Actor], list[Guests]]) -> None:
    """Let referrals say who is there: what is kept from a keeper there, is kept from that keeper here."""
    app.extensions[GUESTS] = maker


def list_guests(actor: Actor) -> list[Guests]:
    """Return who is expected or stays at the actor's own address."""
    maker: Callable[[Actor], list[Guests]] = current_app.extensions[GUESTS]
    return maker(actor)
