"""Protection of any file of counts: `casemgr statistics protect`, which needs no installation."""
