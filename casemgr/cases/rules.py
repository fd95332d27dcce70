"""What may follow what in a case file."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where the work on a case stands."""

    EMERGENCY = "emergency"
    OPEN = "open"
    CLOSURE_PROPOSED = "closure_proposed"
    CLOSED = "closed"


NEXT: dict[CaseState, frozenset[CaseState]] = {
    CaseState.EMERGENCY: frozenset({CaseState.OPEN, CaseState.CLOSURE_PROPOSED}),
    CaseState.OPEN: frozenset({CaseState.CLOSURE_PROPOSED}),
    CaseState.CLOSURE_PROPOSED: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.OPEN}),
}

LIVE = frozenset({CaseState.EMERGENCY, CaseState.OPEN, CaseState.CLOSURE_PROPOSED})


def may_become(state: str, following: CaseState) -> bool:
    """Say whether a case in one state may be put into another."""
    return following in NEXT[CaseState(state)]
