"""Living at a trusted address: who came, what they were given, how long, incidents, and the reports."""
