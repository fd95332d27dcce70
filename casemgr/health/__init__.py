"""How the installation stands: for programs on this machine, its administrator, `doctor`; never who."""
