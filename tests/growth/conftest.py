"""The pages of a commune that fills up, and the statements that they send to the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from casemgr import db
from casemgr.accounts.service import digests
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from tests.policy.asking import Desk
from tests.rig import staff
from tests.rig.crowd import Crowd, open_crowd

OF_A_FILE = {
    "worker": (
        "cases.show_case",
        "cases.list_readers",
        "cases.add_bar",
        "children.list_links",
        "children.link_child",
        "referrals.list_referrals",
        "support.list_begun",
        "survivors.list_consents",
        "incidents.list_incidents",
    ),
    "supervisor": ("cases.assign_case",),
    "child": ("children.show_child", "children.list_readers"),
}
"""Pages of the busy file that are asked for beside every page without an id."""

LEFT_OUT = frozenset({"static", "accounts.show_away"})
"""The page behind the quick exit locks the screen: what is asked for after it would be the way back in."""

Statement = tuple[str, Any]


class Counter:
    """Asks for pages and keeps what each sent to the database."""

    def __init__(self, database: db.Database, crowd: Crowd, desk: Desk) -> None:
        self.database, self.crowd, self.desk = database, crowd, desk

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield who asks for which address."""
        app = self.desk.app
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint not in LEFT_OUT:
                for name in self.crowd.people:
                    yield name, rule.rule
        ids = {"case_id": str(self.crowd.case_id), "child_id": str(self.crowd.child_id)}
        for name, endpoints in OF_A_FILE.items():
            for endpoint in endpoints:
                rule = next(app.url_map.iter_rules(endpoint))
                yield name, re.sub(r"<\w+:(\w+)>", lambda found: ids[found[1]], rule.rule)

    def ask(self, name: str, path: str) -> list[Statement] | None:
        """Return the statements of a page, or None for a role that does not get it."""
        with self.kept() as statements:
            answer = self.desk.ask(name, "GET", path)
        assert answer.status_code < 500, (name, path)
        return statements if answer.status_code == 200 else None

    @contextmanager
    def kept(self) -> Iterator[list[Statement]]:
        """Keep what is sent to the database while the block runs."""
        statements: list[Statement] = []

        def keep(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
            statements.append((statement, parameters))

        event.listen(self.database.engine, "before_cursor_execute", keep)
        try:
            yield statements
        finally:
            event.remove(self.database.engine, "before_cursor_execute", keep)


@pytest.fixture
def counter(
    work, database: db.Database, keys: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Counter:
    """The commune with one of everything, and everybody signed in."""
    monkeypatch.setattr(digests, "COST", staff.CHEAP)
    with work():
        crowd = open_crowd(keys)
    desk = Desk(create_app(staff.settings_for(database.url, tmp_path), database, keys))
    for name, person in crowd.people.items():
        desk.seat(name, person)
    return Counter(database, crowd, desk)
