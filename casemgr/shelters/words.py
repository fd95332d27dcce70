"""A stay in words, while it lasts and as its case keeps it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casemgr import i18n
from casemgr.codes import lists
from casemgr.i18n import gettext
from casemgr.shelters.queries import BoardRow
from casemgr.shelters.rules import EntryKind, supplies_of, totals
from casemgr.text.numbers import display_money


def coded(code_list: str, code: str | None) -> str:
    """Return a code in words; nothing for none."""
    return lists.label(code_list, code, i18n.language()) if code else ""


def about(row: BoardRow) -> str:
    """Return how far an address is and whom it takes, in words."""
    far = coded("address_travel", row.travel)
    return " · ".join(part for part in (far, *(coded("address_suits", code) for code in row.suits)) if part)


def money(amount: int) -> str:
    """Return an amount in đồng as it is written here."""
    return display_money(amount, locale=i18n.language())


def supply_line(content: Mapping[str, Any]) -> str:
    """Return one supply in one line: kind, what exactly, cost and from which source."""
    cost = money(content["cost"]) if content.get("cost") else ""
    told = (coded("stay_supply", content.get("supply")), content.get("what"), cost)
    return " · ".join(part for part in (*told, coded("fund_source", content.get("paid_by"))) if part)


def person_line(person: Mapping[str, Any]) -> str:
    """Return one person in one line."""
    told = (coded("stay_person", person["kind"]), coded("sex", person.get("sex")))
    return " · ".join(
        part for part in (*told, coded("age_band_vn", person.get("age_band")), person.get("needs")) if part
    )


def record_lines(record: Mapping[str, Any]) -> list[tuple[str, str | list[str]]]:
    """Return the record of a stay that is over, as its case shows it."""
    entries = record.get("entries") or []
    of = {kind: [entry for entry in entries if entry["kind"] == kind] for kind in EntryKind}
    people = [f"{person['called']} · {person_line(person)}" for person in record.get("people") or []]
    told: list[tuple[str, str | list[str]]] = [
        (gettext("Arrived on"), _day(record["arrived_on"])),
        (gettext("Left on"), _day(record.get("left_on"))),
        (gettext("Who was there"), people),
        (gettext("What they needed"), [entry["what"] for entry in of[EntryKind.NEED]]),
        (gettext("What they were given"), [supply_line(entry) for entry in supplies_of(entries)]),
        (gettext("Spent in all"), money(cost) if (cost := totals(entries)["cost"]) else ""),
        (gettext("Extended"), [_extension(entry) for entry in of[EntryKind.EXTENSION]]),
    ]
    return [line for line in told if line[1]]


def _day(stored: str | None) -> str:
    return f"{date.fromisoformat(stored):%d/%m/%Y}" if stored else ""


def _extension(entry: Mapping[str, Any]) -> str:
    return f"{_day(entry['until'])}: {entry['reason']}"
