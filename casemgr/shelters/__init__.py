"""Trusted addresses and shelters: their register, their beds, and the stays in them."""
