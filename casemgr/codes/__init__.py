"""Code lists of the field: read from the package, mirrored in a table, labelled in both languages."""
