"""Who issues a document, from the name of a unit: the lines of the agency, and the place of the date."""

import re

COMMITTEE = re.compile(r"(UBND|[UỦ]y ban nhân dân|[UỦ]ỷ ban nhân dân) ", re.IGNORECASE)
LAST_PLACE = re.compile(r"(?:^| )(?:xã|phường|thị trấn|đặc khu|tỉnh|thành phố) (?!hội\b)(.+)$", re.IGNORECASE)


def is_committee(unit_name: str) -> bool:
    """Say whether a unit is a people's committee, whose documents carry UBND in their sign."""
    return COMMITTEE.match(unit_name) is not None


def agency_of(unit_name: str) -> tuple[str, ...]:
    """Return the lines of the issuing agency; a people's committee has two of its own."""
    if COMMITTEE.match(unit_name):
        return ("ỦY BAN NHÂN DÂN", COMMITTEE.sub("", unit_name, count=1).upper())
    return (unit_name.upper(),)


def place_of(unit_name: str) -> str:
    """Return the place that stands before the date: the committee's, or that at the end of a name."""
    place = COMMITTEE.sub("", unit_name, count=1)
    found = LAST_PLACE.search(place)
    return found[1] if found else place
