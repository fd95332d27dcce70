"""The pages of statistics: tables, their files, sending them on, explaining them."""

from casemgr.statistics.views import explaining, files, sending, tables
from casemgr.statistics.views.blueprint import blueprint

__all__ = ["blueprint", "explaining", "files", "sending", "tables"]
