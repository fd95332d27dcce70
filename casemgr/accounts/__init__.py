"""Accounts of staff: sign-in in two steps, sessions that lock and end, enrolment, administration."""
