"""Disclosure control: arithmetic that decides which figures must be hidden, and attacks the result.

Nothing here knows a database, a page or a clock. Counts come in through `protect.Counter`, protected tables
leave as `tables.SafeTable`; whatever cannot be protected is refused, never released with a weaker
protection.
"""
