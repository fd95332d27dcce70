"""Working days, legal clocks in hours and the due days of periodic reports; reckons, and knows no record."""
