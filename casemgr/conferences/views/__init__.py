"""The pages of case conferences: in the case that calls, and at the units that are invited."""

from casemgr.conferences.views import calling, changing, invited, leading
from casemgr.conferences.views.blueprint import blueprint

__all__ = ["blueprint", "calling", "changing", "invited", "leading"]
