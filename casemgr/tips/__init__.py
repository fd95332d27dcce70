"""Tips (tin báo): what a third person saw or heard; kept apart from cases, never read back by its sender."""
