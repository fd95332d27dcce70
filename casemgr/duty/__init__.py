"""Who is on duty when, who stands in for whom, and whether the numbers still answer."""
