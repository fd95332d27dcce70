"""Taking somebody in: the emergency page, and the intake that becomes a case."""
