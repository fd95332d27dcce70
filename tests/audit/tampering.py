"""What somebody with full rights on the database could do to the log."""

from contextlib import contextmanager

import sqlalchemy as sa

from casemgr.audit.chain import GENESIS, entry_hash
from casemgr.audit.models import AuditCheckpoint, AuditEntry, AuditHead
from casemgr.db.session import WRITES

ENTRY, HEAD, CHECKPOINT = AuditEntry.__table__, AuditHead.__table__, AuditCheckpoint.__table__


class Intruder:
    """Has the whole log in hand, changes it, and writes it back past the triggers."""

    def __init__(self, database):
        self._database = database
        with database.engine.connect() as connection:
            rows = connection.execute(sa.select(ENTRY).order_by(ENTRY.c.seq)).mappings()
            self.rows = [dict(row) for row in rows]
        self._head = self._end()

    def write_back(self, *, move_head=True):
        with self.past_triggers() as connection:
            connection.execute(sa.delete(ENTRY))
            if self.rows:
                connection.execute(sa.insert(ENTRY), self.rows)
            connection.execute(sa.update(HEAD).values(self._end() if move_head else self._head))

    def _end(self):
        last = self.rows[-1]["entry_hash"] if self.rows else GENESIS
        return {"size": len(self.rows), "entry_hash": last}

    @contextmanager
    def past_triggers(self):
        engine = self._database.engine.execution_options(**{WRITES: True})
        with engine.begin() as connection:
            if self._database.is_sqlite:
                names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                for name in connection.scalars(sa.text(names)).all():
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection

    def renumber(self):
        for number, row in enumerate(self.rows, start=1):
            row["seq"] = number

    def hash_again(self, start=0):
        for place in range(start, len(self.rows)):
            row = self.rows[place]
            row["prev_hash"] = self.rows[place - 1]["entry_hash"] if place else GENESIS
            row["entry_hash"] = entry_hash(row["prev_hash"], row)

    def edit(self, place):
        self.rows[place] = {**self.rows[place], "action": "nothing:at_all"}

    def edit_and_hash(self, place):
        self.edit(place)
        self.hash_again(place)

    def edit_and_hash_one(self, place):
        self.edit(place)
        row = self.rows[place]
        row["entry_hash"] = entry_hash(row["prev_hash"], row)

    def delete(self, place):
        del self.rows[place]

    def delete_and_hash(self, place):
        self.delete(place)
        self.renumber()
        self.hash_again(place)

    def swap(self, place):
        other = place - 1 if place else 1
        rows = self.rows
        rows[place], rows[other] = rows[other], rows[place]
        self.renumber()

    def insert(self, place):
        row = {**self.rows[place], "entry_id": self.rows[place]["session_id"], "action": "case:read"}
        self.rows.insert(place, row)
        self.renumber()

    def duplicate(self, place):
        entry_id = self.rows[place]["entry_id"]
        self.rows.insert(place + 1, {**self.rows[place], "entry_id": type(entry_id)(int=place + 1)})
        self.renumber()

    def cut(self, place):
        del self.rows[place:]
