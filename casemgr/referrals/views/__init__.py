"""Pages of referrals: sending and following them in the case, answering them as a unit."""

from casemgr.referrals.views import answering, exposure, following, sending
from casemgr.referrals.views.blueprint import blueprint

__all__ = ["answering", "blueprint", "exposure", "following", "sending"]
