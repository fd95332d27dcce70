"""Pages of accounts: signing in, enrolment, one's own account."""

from casemgr.accounts.views import enrolment, own, signing
from casemgr.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "enrolment", "own", "signing"]
