"""The demonstration: a commune that does not exist as told here, with people and cases that are made up."""
