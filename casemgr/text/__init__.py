"""Vietnamese text as people type and read it: names, numbers, dates, codes. Plain functions, no database."""
