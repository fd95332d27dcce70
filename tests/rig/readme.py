"""The parts of README that are printed from the code: `python -m tests.rig.readme` writes them anew."""

from collections.abc import Callable
from pathlib import Path

from casemgr.db import Base
from casemgr.db.migrate import load_models
from casemgr.policy import GRANTS, Permission, Reach, Role
from casemgr.referrals.rules import EFFECTS, LIVE, TRANSITIONS, ReferralState
from casemgr.statistics.catalogue import CATALOGUE, Family, UnitTree
from casemgr.statistics.catalogue.building import is_part
from casemgr.statistics.catalogue.entries import FAMILIES, SOURCES
from casemgr.statistics.classifications import UNIT
from config import HELP, PREFIX, REQUIRED, Settings

STOPS = (ReferralState.RECALLED, ReferralState.EXPIRED, ReferralState.WITHDRAWN)
"""Ends that are reached from every live state."""

README = Path(__file__).parents[2] / "README.md"
SHORT = {Reach.NONE: "", Reach.ASSIGNED: "own", Reach.ADDRESSED: "sent", Reach.UNIT: "unit", Reach.ALL: "all"}


def matrix() -> str:
    """Roles and permissions as a table; the word says how far each permission reaches."""
    lines = ["| | " + " | ".join(role.replace("_", " ") for role in Role) + " |"]
    lines.append("|---|" + "---|" * len(Role))
    for permission in Permission:
        reaches = [SHORT[GRANTS[role].get(permission, Reach.NONE)] for role in Role]
        lines.append(f"| `{permission}` | " + " | ".join(reaches) + " |")
    return "\n".join(lines)


def settings() -> str:
    """All settings with their defaults."""
    lines = ["| setting | default | what it is |", "|---|---|---|"]
    for name, field in Settings.__dataclass_fields__.items():
        default = "required" if name in REQUIRED else f"`{field.default!s}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {HELP[name]} |")
    return "\n".join(lines)


def sealed_columns() -> str:
    """The sealed columns of each table and whose key seals them."""
    load_models()
    lines = ["| table | sealed | key of the |", "|---|---|---|"]
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table)):
        names = getattr(mapper.class_, "__sealings__", {})
        # Tests declare tables of their own in the same process.
        if names and mapper.class_.__module__.startswith("casemgr."):
            shown = ", ".join(f"`{name}`" for name in names)
            lines.append(f"| `{mapper.local_table}` | {shown} | {mapper.class_.__scope__.purpose} |")
    return "\n".join(lines)


def referral_states() -> str:
    """The states of a referral as a drawing, and each step with who takes it, by when, and who sees what."""
    drawn = [f"    {step.source} --> {step.target}" for step in TRANSITIONS if step.target not in STOPS]
    live = ", ".join(f"`{state}`" for state in ReferralState if state in LIVE)
    rows = [
        f"| `{step.source}` → `{step.target}` | {', '.join(sorted(step.by))} | {step.within} | {step.seen} "
        f"| {EFFECTS[step.target]} |"
        for step in TRANSITIONS
    ]
    ends = ", ".join(f"`{state}`" for state in STOPS)
    return "\n".join(
        [
            *("```mermaid", "stateDiagram-v2", "    [*] --> drafted", *drawn, "```"),
            *("", f"From every live state ({live}) also to {ends}.", ""),
            "| step | taken by | by when | what the other side sees | what it does to the case |",
            *("|---|---|---|---|---|", *rows),
        ]
    )


def catalogue() -> str:
    """The tables that can be made, by families: what each counts, by what, and for whom."""
    lines = ["| table | title | counts | by | |", "|---|---|---|---|---|"]
    for entry in CATALOGUE:
        finest = entry.ladder(UnitTree(code="commune")).rungs[0].spec
        crossed = (one.name for one in finest.dimensions if one.name != UNIT and not is_part(one))
        parts = "".join(f", part `{one.name}`" for one in finest.dimensions if is_part(one))
        notes = (
            *(["once a year"] if entry.yearly_only else []),
            *(["superior agencies only"] if entry.restricted_only else []),
            *(["margins demanded exactly"] if entry.demanded else []),
        )
        by = " × ".join(f"`{name}`" for name in crossed) or "hamlet"
        lines.append(
            f"| `{entry.name}` | {entry.title('en')} | {entry.kind}{parts} | {by} | {', '.join(notes)} |"
        )
    sources = "; ".join(f"{FAMILIES[family][1]}: {SOURCES[family]}" for family in Family)
    return "\n".join([*lines, "", f"What they follow: {sources}."])


PARTS: dict[str, Callable[[], str]] = {
    "matrix": matrix,
    "referral states": referral_states,
    "settings": settings,
    "sealed columns": sealed_columns,
    "catalogue": catalogue,
}


def with_parts(text: str) -> str:
    """Return README's text with each generated part in its place."""
    for name, make in PARTS.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{make()}\n{end}{after}"
    return text


if __name__ == "__main__":
    README.write_text(with_parts(README.read_text(encoding="utf-8")), encoding="utf-8")
