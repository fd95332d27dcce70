"""The pages of statistics: tables, their files, sending them on."""

from casemgr.statistics.views import files, sending, tables
from casemgr.statistics.views.blueprint import blueprint

__all__ = ["blueprint", "files", "sending", "tables"]
