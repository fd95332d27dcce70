"""Statistics: fixed tables over facts, protected before anyone sees them."""
