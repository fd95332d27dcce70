"""The platform of all pages: gates, transactions, headers, errors, words; knows no feature."""
