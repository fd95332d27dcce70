"""Facts: what is counted, in codes alone, under a key of their own and without a way back to a case."""
