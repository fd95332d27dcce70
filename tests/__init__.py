"""The tests: one folder per package, named as sentences of a specification."""
