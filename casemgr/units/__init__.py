"""Organisations, addresses and hamlets: who exists where, under whom, and from when until when."""
