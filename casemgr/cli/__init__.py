"""The command line: `casemgr …`; each command is loaded when it is asked for."""

from casemgr.cli.program import main

__all__ = ["main"]
