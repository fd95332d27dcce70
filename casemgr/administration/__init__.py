"""Administration: accounts, units, the health of the installation, and the access log; never a case."""
