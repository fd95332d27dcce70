"""Pages of administration: overview, accounts, units, access log."""

from casemgr.administration.views import accounts, invitations, log, overview, requests, units
from casemgr.administration.views.blueprint import blueprint

__all__ = ["accounts", "blueprint", "invitations", "log", "overview", "requests", "units"]
