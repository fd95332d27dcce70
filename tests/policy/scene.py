"""The stage of the matrix: an application with everybody signed in, and the address of every record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from casemgr import clock, db
from casemgr.accounts.service import digests
from casemgr.crypto.providers import FileProvider
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from casemgr.policy import Role
from casemgr.web.application import CaseApplication
from tests.policy import world as worlds
from tests.policy.asking import Desk, Store, opened_store, verdict
from tests.policy.table import Page, Relation, pages
from tests.policy.world import ADDRESS, COMMUNE, HAMLET, POLICE, World
from tests.rig import databases, staff

REGISTER = ("shelters.", "referrals.expose_address")
"""Pages whose unit is an address."""

OVER = {
    "cases.list_cases": ["?state=closed"],
    "children.list_children": ["?state=closed"],
    "tips.list_tips": ["?state=closed"],
    "support.list_support": ["?state=ended"],
}
"""How a list is asked for what is over."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """An application with everybody signed in, and the database that it is put back to."""

    app: CaseApplication
    desk: Desk
    world: World
    store: Store
    before: dict[str, str]
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def arguments(self, endpoint: str) -> list[str]:
        """Return the names of the arguments in the address of a page, in their order."""
        rule = next(self.app.url_map.iter_rules(endpoint))
        return re.findall(r"<\w+:(\w+)>", rule.rule)

    def path(self, endpoint: str, values: dict[str, str]) -> str:
        """Return the address of a page."""
        rule = next(self.app.url_map.iter_rules(endpoint)).rule
        return re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], rule)

    def values(self, endpoint: str, relation: Relation) -> dict[str, str]:
        """Return the arguments that name the record of this relation."""
        world = self.world
        values = dict(world.folders[relation.folder])
        notice = relation.person if f"notice of {relation.person}" in world.other else "supervisor"
        values |= {
            key: world.other[key]
            for key in (
                "shift_id",
                "absence_id",
                "post_id",
                "support_id",
                "tip_id",
                "report_id",
                "held_id",
                "request_id",
                "job_id",
                "event_id",
                "file_id",
                "batch_id",
            )
        }
        values |= {
            "release_id": world.other["restricted_id" if relation.is_restricted else "release_id"],
            "notice_id": world.other[f"notice of {notice}"],
            "bundle_id": world.bundles[relation.bundle or "sent"],
            "account_id": str(world.actor("colleague").account_id),
            "unit_id": str(world.units[ADDRESS if endpoint.startswith(REGISTER) else HAMLET]),
            "section": "person",
            "place": "0",
            "form": "case_note",
            "object_id": world.folders[relation.folder]["case_id"],
            "filename": "favicon.svg",
        }
        if relation.bundle == "ended":
            values["referral_id"] = world.other["ended_referral_id"]
        if endpoint.startswith("directory."):
            values["unit_id"] = str(world.units[POLICE])
        if endpoint == "cases.answer_unsupervised":
            values["bar_id"] = world.other["unsupervised"]
        if endpoint.startswith("children."):
            values["task_id"] = values["duty_id"]
        return self._swapped(endpoint, values, relation.swap)

    def _swapped(self, endpoint: str, values: dict[str, str], swap: str) -> dict[str, str]:
        given, other = self.arguments(endpoint), self.world.folders["other"]
        task = "duty_id" if endpoint.startswith("children.") else "task_id"
        foreign = {**other, "task_id": other[task], "place": "7"}
        if swap == "sibling":
            return {**values, "incident_id": values["sibling_id"]}
        wanted = {"innermost": given[-1:], "all_but_the_first": given[1:]}.get(swap, [])
        return values | {name: foreign[name] for name in wanted}

    def missing(self, endpoint: str) -> dict[str, str]:
        """Return arguments that name nothing."""
        kept = {"section": "person", "form": "case_note", "place": "0"}
        return {name: kept.get(name) or str(uuid4()) for name in self.arguments(endpoint)}

    def form(self, page: Page) -> dict[str, str]:
        """Return what is sent with a POST."""
        named = {f"{{{name}}}": str(person.actor.account_id) for name, person in self.world.people.items()}
        named["{unit}"] = str(self.world.units[COMMUNE])
        return {"version": "1", **{name: named.get(text, text) for name, text in page.send}}

    def ask(self, person: str, method: str, path: str, page: Page | None = None) -> str:
        """Ask for a page, with its form when something is sent, and return the verdict."""
        form = self.form(page) if page is not None and method == "POST" else None
        return verdict(self.desk.ask(person, method, path, form))

    def lists(self, person: str, role: Role) -> Iterator[tuple[str, str]]:
        """Yield address and text of every page without an id that somebody is let in to."""
        for page in pages().values():
            if "GET" in page.methods and role in page.roles and not self.arguments(page.endpoint):
                path = self.path(page.endpoint, {})
                for query in ("", *OVER.get(page.endpoint, ())):
                    yield path + query, self.page(person, path + query)

    def page(self, person: str, path: str) -> str:
        """Return the text of a page as it stands in the untouched scene, asked for once."""
        if (person, path) not in self.texts:
            self.texts[person, path] = self.desk.ask(person, "GET", path).get_data().decode(errors="replace")
        return self.texts[person, path]

    def mark(self, thing: str) -> str:
        """Return the id by which a thing of [seen] shows on a list, as in "case_id of plain"."""
        name, _, folder = thing.partition(" of ")
        if folder and not thing.startswith("notice"):
            return self.world.folders[folder][name]
        kind, _, which = thing.partition(" ")
        return self.world.bundles[which] if kind == "bundle" else self.world.other[thing]

    def changed(self) -> list[str]:
        """Return the tables that are no longer as they were."""
        now = self.store.digests()
        return sorted(table for table, digest in now.items() if digest != self.before[table])


def open_scene(engine: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Set everything up on an engine, yield it once, and close it when asked again."""
    path = folder / "casemgr.db"
    if engine == "sqlite":
        url = databases.sqlite_url(databases.prepare_file(path))
    else:
        url = request.getfixturevalue("cluster").create("matrix")
        databases.create_tables(url)
    database = databases.open_database(url)
    keys = Keyring(FileProvider.create(folder / "root.keys").root_keys())

    def work(*, write: bool = True) -> Any:
        return db.work(database, keys, write=write)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digests, "COST", staff.CHEAP)
        world = worlds.build(work)
        app = create_app(staff.settings_for(url, folder), database, keys)
        desk = Desk(app)
        with clock.frozen(worlds.NOW):
            for name, person in world.people.items():
                desk.seat(name, person)
        worlds.take_away(work, world)
    with opened_store(url, path) as store:
        yield Scene(app=app, desk=desk, world=world, store=store, before=store.digests())
    database.close()
