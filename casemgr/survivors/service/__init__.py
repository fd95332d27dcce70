"""Changing what is known of persons and what they consent to."""

from casemgr.survivors.service.consents import record_consent, refuse, withdraw_consent
from casemgr.survivors.service.duplicates import close_duplicate_notice, flag_duplicates_elsewhere
from casemgr.survivors.service.imported import (
    ImportedConsent,
    add_imported,
    add_imported_consents,
    remove_imported,
    remove_imported_consents,
)
from casemgr.survivors.service.people import add_survivor, change_survivor

__all__ = [
    "ImportedConsent",
    "add_imported",
    "add_imported_consents",
    "add_survivor",
    "change_survivor",
    "close_duplicate_notice",
    "flag_duplicates_elsewhere",
    "record_consent",
    "refuse",
    "remove_imported",
    "remove_imported_consents",
    "withdraw_consent",
]
