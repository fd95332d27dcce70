"""Support actions: help to beneficiaries by programme, started from a case or by the programme itself."""
