"""Tests of the sealed formats, passwords, one-time codes, signatures and archives."""
