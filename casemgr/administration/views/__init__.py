"""Pages of administration: overview, accounts, units, access log, jobs."""

from casemgr.administration.views import accounts, invitations, log, overview, queue, requests, units
from casemgr.administration.views.blueprint import blueprint

__all__ = ["accounts", "blueprint", "invitations", "log", "overview", "queue", "requests", "units"]
