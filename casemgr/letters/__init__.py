"""Official documents, forms, pictures and sheets; this package knows no case, no database and no page."""
