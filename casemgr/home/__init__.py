"""The first page: the work of today, each item with its reason and one action."""
