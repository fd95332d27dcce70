"""Figures at a glance, by role: one's own cases as they are, everything else as it was released."""
