"""Pages of the emergency and of the intake."""

from casemgr.intake.views import emergency, finishing, leading
from casemgr.intake.views.blueprint import blueprint

__all__ = ["blueprint", "emergency", "finishing", "leading"]
