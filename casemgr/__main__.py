"""`python -m casemgr` is the command `casemgr`."""

from casemgr.cli import main

main()
