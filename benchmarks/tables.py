"""A year's table and a year's report, made as the worker behind the pages makes them."""

import json
import sys
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

from benchmarks.made_up import YEAR
from benchmarks.server import Unsealed
from casemgr.crypto.providers import FileProvider
from casemgr.db import Database
from casemgr.db.migrate import load_models
from casemgr.errors import Refused
from casemgr.keys.service import Keyring
from casemgr.policy import Actor, Role
from casemgr.reporting import service as reports
from casemgr.reporting.rules import list_table_names
from casemgr.statistics import making
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.making import Wish
from casemgr.statistics.service import Computed, Tier

FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)


def main(url: str, folder: str, account_id: str, unit_id: str, *, is_open: bool) -> None:
    """Make both for one officer and print their names with seconds and CPU seconds of this process."""
    load_models()
    kind = Unsealed if is_open else Keyring
    keys = kind(FileProvider(Path(folder) / "root.keys").root_keys())
    actor = Actor(account_id=UUID(account_id), unit_id=UUID(unit_id), roles=frozenset({Role.REPORT_OFFICER}))
    database = Database(url)

    def keep_report(actor: Actor, computed: Computed) -> UUID:
        return reports.keep_report(actor, FIRST, LAST, Tier.PUBLIC, computed).id

    period = Period.between(FIRST, LAST)
    for name, tables, keep in (
        ("year's table", ("incidents",), making.release_tables),
        ("year's report", list_table_names(FIRST, LAST), keep_report),
    ):
        wish = Wish(table_names=tables, unit_id=actor.unit_id, period=period, tier=Tier.PUBLIC)
        begun, cpu = perf_counter(), process_time()
        try:
            making.make(database, keys, lambda: actor, wish, keep)
            answer = ""
        except Refused as refusal:
            answer = refusal.reason
        took = {"seconds": perf_counter() - begun, "cpu": process_time() - cpu}
        print(json.dumps({"name": name, "answer": answer, **took}), flush=True)
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:5], is_open="--open" in sys.argv)
