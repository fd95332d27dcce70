"""Changing incidents and alleged perpetrators; each change corrects what counts the incident."""

from casemgr.incidents.service.counting import recount
from casemgr.incidents.service.imported import ImportedIncident, add_imported, remove_imported
from casemgr.incidents.service.incidents import (
    add_incident,
    add_same_event,
    change_incident,
    override_classification,
)
from casemgr.incidents.service.perpetrators import add_perpetrator, change_perpetrator, remove_perpetrator
from casemgr.survivors.changes import on_change

__all__ = [
    "ImportedIncident",
    "add_imported",
    "add_incident",
    "add_perpetrator",
    "add_same_event",
    "change_incident",
    "change_perpetrator",
    "override_classification",
    "recount",
    "remove_imported",
    "remove_perpetrator",
]

on_change(recount)
