"""casemgr: confidential case management for gender-based violence response in communes."""
