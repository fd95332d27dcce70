"""Backups: an encrypted copy of everything, checked by opening it, and the way back from one."""
