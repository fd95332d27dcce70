"""The directory of units and services: what they do, when, for whom, and how to reach them."""
