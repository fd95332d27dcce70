"""The table as Python sees it: pages, who is let in, and how people stand to a record."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from casemgr.policy import Role

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))
ROLES = {
    Role.CASE_WORKER: "colleague",
    Role.SUPERVISOR: "supervisor",
    Role.LEADER: "leader",
    Role.KEEPER: "keeper",
    Role.RECIPIENT: "recipient",
    Role.CHILD_WORKER: "child_owner",
    Role.PROGRAMME_OFFICER: "programme_officer",
    Role.HAMLET_HEAD: "tip_sender",
    Role.REPORT_OFFICER: "report_officer",
    Role.DATA_PROTECTION: "data_protection",
    Role.ADMINISTRATOR: "administrator",
}
"""Who stands for each role at the first gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How somebody stands to the record that a page is about."""

    person: str
    folder: str = "plain"
    bundle: str = ""
    is_restricted: bool = False
    swap: str = ""

    def applies_to(self, arguments: list[str], rows: str) -> bool:
        """Say whether a page with these arguments can be asked for in this relation."""
        if self.swap:
            mixes = len(arguments) > 1 and rows != "own" and arguments[-1] != "section"
            return mixes and (self.swap != "sibling" or "perpetrator_id" in arguments)
        if self.is_restricted:
            return "release_id" in arguments
        return (
            not self.bundle or "bundle_id" in arguments or (self.bundle == "ended" and rows == "ended_stay")
        )


RELATIONS = {
    **{
        name: Relation(person=name)
        for name in (
            *("owner", "assigned", "covering", "covering_ended", "colleague", "tip_excluded", "supervisor"),
            *("supervisor_elsewhere", "leader", "leader_elsewhere", "child_owner", "child_colleague"),
            *("child_elsewhere", "programme_officer", "programme_elsewhere", "tip_sender", "report_officer"),
            *("report_officer_elsewhere", "data_protection", "administrator", "signed_out"),
        )
    },
    "former_owner": Relation(person="former_owner", folder="passed"),
    "conflicted_owner": Relation(person="conflicted_owner", folder="kept"),
    "conflicted_supervisor": Relation(person="conflicted_supervisor", folder="kept"),
    "child_barred": Relation(person="child_barred", folder="kept"),
    "keeper_before": Relation(person="keeper", bundle="sent"),
    "keeper_after": Relation(person="keeper", bundle="accepted"),
    "keeper_arrived": Relation(person="keeper", bundle="arrived"),
    "keeper_expired": Relation(person="keeper", bundle="expired"),
    "keeper_recalled": Relation(person="keeper", bundle="recalled"),
    "keeper_other_bundle": Relation(person="keeper", bundle="police"),
    "keeper_excluded": Relation(person="keeper_excluded", bundle="sent"),
    "keeper_barred": Relation(person="keeper_barred", bundle="kept"),
    "keeper_elsewhere": Relation(person="keeper_elsewhere", bundle="sent"),
    **{
        f"{name}_of_stay": Relation(person=name, bundle="arrived")
        for name in ("owner", "supervisor", "colleague", "keeper_elsewhere")
    },
    **{
        f"{name}_of_ended": Relation(person=name, bundle="ended")
        for name in ("owner", "assigned", "colleague", "tip_excluded", "supervisor", "keeper")
    },
    "recipient": Relation(person="recipient"),
    "recipient_before": Relation(person="recipient", bundle="police"),
    "recipient_other_bundle": Relation(person="recipient", bundle="sent"),
    **{
        f"{name}_restricted": Relation(person=name, is_restricted=True)
        for name in ("supervisor", "leader", "report_officer", "data_protection")
    },
    **{
        f"{person}_swapped_{swap}": Relation(person=person, swap=swap)
        for person in ("owner", "supervisor", "child_owner")
        for swap in ("innermost", "all_but_the_first", "sibling")
    },
}
"""Every relation that [reach] may name; the swapped ones mix the ids of two records within reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A line of the table."""

    endpoint: str
    methods: tuple[str, ...]
    group: str
    rows: str = ""
    send: tuple[tuple[str, str], ...] = ()
    is_silent: bool = False
    needs_fresh: bool = False
    fields: frozenset[str] = frozenset()

    @property
    def is_public(self) -> bool:
        """Whether anybody may ask for it."""
        return self.group == "public"

    @property
    def roles(self) -> frozenset[str]:
        """The roles that are let in."""
        return frozenset(TABLE["roles"][self.group])

    def reaches(self, relation: str) -> bool:
        """Say whether somebody in this relation reaches the record."""
        reaching = TABLE["reach"][self.rows]
        return relation in reaching or reaching == ["*"]


@cache
def pages() -> dict[str, Page]:
    """Return the lines of the table by endpoint."""
    return {
        endpoint: Page(
            endpoint=endpoint,
            methods=tuple(line["methods"].split()),
            group=line["roles"],
            rows=line.get("rows", ""),
            send=tuple(line.get("send", {}).items()),
            is_silent=line.get("silent", False),
            needs_fresh=line.get("fresh", False),
            fields=frozenset(line.get("fields", "").split()),
        )
        for endpoint, line in TABLE["pages"].items()
    }
