"""Periodic reports: the tables of a period, the words around them, approval, and the official document."""
