"""Times of administration, as plain Python."""

from datetime import timedelta

ROLE_CHANGES_SHOWN = timedelta(days=30)
"""How far back the data-protection officer is told who got which roles."""

CODE_SHOWN = timedelta(minutes=15)
"""How long an invitation code can be read and printed after it was drawn."""
