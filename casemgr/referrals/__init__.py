"""Referrals: what is asked of another unit, the bundle that it gets, and what it answers."""
