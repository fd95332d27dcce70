"""What the tests stand on: throw-away databases, keys and readers of the source."""
