"""Pages of referrals: sending and following them in the case, answering them as a unit or by letter."""

from casemgr.referrals.views import answering, correcting, exposure, following, letters, replying, sending
from casemgr.referrals.views.blueprint import blueprint

__all__ = ["answering", "blueprint", "correcting", "exposure", "following", "letters", "replying", "sending"]
