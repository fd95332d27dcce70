"""Every page, every method, every role and every relation, against a table written by hand (matrix.toml).

The table is the judgement of what should be; it is never read from the product. Where they differ, one of
them is wrong: find out which from the issue and the design, not from the code.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from casemgr import clock
from casemgr.policy import Role
from tests.conftest import ENGINES
from tests.policy import world as worlds
from tests.policy.asking import sanitised, verdict
from tests.policy.scene import Scene
from tests.policy.table import RELATIONS, ROLES, TABLE, Page, Relation, pages
from tests.policy.world import NEXT_DOOR, PEOPLE

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ABOUT_RECORDS = [endpoint for endpoint, page in pages().items() if page.rows]
SENT = [endpoint for endpoint, page in pages().items() if "POST" in page.methods and not page.is_public]
NOBODYS = ("no_role", "disabled", "signed_out")
VERSIONS = ("x", "-1", "9" * 30)


def at_the_gate(page: Page, person: str) -> set[str]:
    """Return the answers that are right for somebody at the first gate."""
    if page.is_public:
        return {"ok", "404", "sign-in"}
    if person in {"signed_out", "disabled"}:
        return {"sign-in"}
    return {"ok", "404"} if person != "no_role" and PEOPLE[person][1] in page.roles else {"403"}


def test_every_page_stands_in_the_table_with_its_methods(scenes) -> None:
    served: dict[str, set[str]] = {}
    for rule in scenes("sqlite").app.url_map.iter_rules():
        served.setdefault(rule.endpoint, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    problems = [
        f'add to [pages] of tests/policy/matrix.toml: "{endpoint}" = '
        f'{{ methods = "{" ".join(sorted(methods))}", roles = "who is let in", '
        'rows = "whom the record is there for, when the address has an id" }'
        for endpoint, methods in sorted(served.items())
        if endpoint not in pages()
    ]
    problems += [
        f"{endpoint} answers to {sorted(served[endpoint])}, in the table stands {page.methods}"
        for endpoint, page in pages().items()
        if endpoint in served and set(page.methods) != served[endpoint]
    ]
    gone = sorted(set(pages()) - set(served))
    problems += [f"{endpoint} is gone: take its line out of the table" for endpoint in gone]
    assert not problems, "\n".join(problems)


def test_every_page_about_a_record_names_whom_it_is_there_for(scenes) -> None:
    scene = scenes("sqlite")
    problems = [
        f"{page.endpoint}: give it rows = …, one of {sorted(TABLE['reach'])}"
        for page in pages().values()
        if not page.rows and scene.arguments(page.endpoint) and page.endpoint != "static"
    ]
    problems += [
        f"[reach] {name} names {relation}, which RELATIONS lacks"
        for name, reaching in TABLE["reach"].items()
        for relation in reaching
        if relation not in RELATIONS and relation != "*"
    ]
    assert not problems, "\n".join(problems)


def test_the_table_knows_every_role() -> None:
    assert set(ROLES) == set(Role) == {PEOPLE[person][1] for person in ROLES.values()}
    assert set(TABLE["roles"]["everybody"]) == {role.value for role in Role}


@pytest.mark.parametrize("endpoint", pages())
def test_the_first_gate_lets_in_whom_the_table_names(scene: Scene, endpoint: str) -> None:
    page, wrong = pages()[endpoint], []
    path = scene.path(endpoint, scene.values(endpoint, RELATIONS["owner"]))
    # Whoever is let in to a record is asked about by relation, below.
    others = [person for role, person in ROLES.items() if role not in page.roles]
    asked = others if page.rows and page.group != "everybody" else ROLES.values()
    for method in page.methods:
        for person in (*asked, *NOBODYS):
            found = scene.ask(person, method, path, page)
            if found not in at_the_gate(page, person):
                wrong.append(f"{method} {endpoint} as {PEOPLE.get(person, (0, person))[1]}: {found}")
            if method == "POST" and endpoint.startswith(("accounts.", "administration.")):
                scene.store.restore()  # The next one may have been signed out by it.
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("endpoint", pages())
def test_head_and_options_pass_the_same_gate(scene: Scene, endpoint: str) -> None:
    page, at, wrong = pages()[endpoint], list(pages()).index(endpoint), []
    inside = [person for role, person in ROLES.items() if role in page.roles]
    outside = [person for role, person in ROLES.items() if role not in page.roles]
    witnesses = [*(one[at % len(one)] for one in (inside, outside) if one), "no_role", "signed_out"]
    path = scene.path(endpoint, scene.values(endpoint, RELATIONS["owner"]))
    for method in ("HEAD", "OPTIONS") if "GET" in page.methods else ("OPTIONS",):
        for person in witnesses:
            answer = scene.desk.ask(person, method, path)
            found = verdict(answer)
            if found not in at_the_gate(page, person):
                wrong.append(f"{method} {endpoint} as {person}: {found}")
            if method == "HEAD" and answer.get_data():
                wrong.append(f"HEAD {endpoint} as {person} has a body")
    assert not wrong, "\n".join(wrong)


def test_other_methods_are_refused(scene: Scene) -> None:
    addresses, wrong = scene.app.url_map.bind("localhost"), []
    for endpoint in pages():
        path = scene.path(endpoint, scene.values(endpoint, RELATIONS["owner"]))
        others = sorted(set(METHODS) - set(addresses.allowed_methods(path)))
        for method, person in [*((method, "signed_out") for method in others), (others[-1], "supervisor")]:
            found = scene.ask(person, method, path)
            if found != "405":
                wrong.append(f"{method} {endpoint} as {person}: {found}")
    assert not wrong, "\n".join(wrong)


def cells(scene: Scene, page: Page) -> Iterator[tuple[str, Relation, str]]:
    """Yield each relation that gets past the first gate, and what the table says of it."""
    given = scene.arguments(page.endpoint)
    for name, relation in RELATIONS.items():
        if not relation.applies_to(given, page.rows):
            continue
        if name == "signed_out":
            yield name, relation, "sign-in"
        elif PEOPLE[relation.person][1] in page.roles:
            yield name, relation, "ok" if not relation.swap and page.reaches(name) else "404"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("endpoint", ABOUT_RECORDS)
def test_a_record_is_there_for_whom_the_table_names_and_never_was_for_others(
    scenes, engine: str, endpoint: str
) -> None:
    scene: Scene = scenes(engine)
    page, wrong = pages()[endpoint], []
    for method in page.methods:
        scene.store.restore()  # A page that was read may have ended a referral that nobody answered in time.
        judged = list(cells(scene, page))
        wrong += refused(scene, page, method, [cell for cell in judged if cell[2] != "ok"])
        wrong += allowed(scene, page, method, [cell for cell in judged if cell[2] == "ok"])
    scene.store.restore()
    assert not wrong, "\n".join(wrong)


def refused(
    scene: Scene, page: Page, method: str, judged: Sequence[tuple[str, Relation, str]]
) -> Iterator[str]:
    """Ask as those for whom the record is not there; yield what is wrong.

    Their answer equals that for an id that never was, byte for byte, nothing has changed, and each refusal
    is in the log.
    """
    form, logged, never = scene.form(page) if method == "POST" else None, scene.store.count_refusals(), {}
    for name, relation, expected in judged:
        path = scene.path(page.endpoint, scene.values(page.endpoint, relation))
        answer = scene.desk.ask(relation.person, method, path, form)
        if verdict(answer) != expected and not (page.is_silent and verdict(answer) == "ok"):
            yield f"{method} {page.endpoint} as {name}: {verdict(answer)}, the table says {expected}"
        if expected == "404" and relation.person not in never:
            missing = scene.path(page.endpoint, scene.missing(page.endpoint))
            never[relation.person] = sanitised(scene.desk.ask(relation.person, method, missing, form))
        if expected == "404" and sanitised(answer) != never[relation.person]:
            yield f"{method} {page.endpoint} as {name}: unlike the answer for an id that never was"
    asked = len([cell for cell in judged if cell[2] == "404"]) + len(never)
    if not page.is_silent and scene.store.count_refusals() != logged + asked:
        yield f"{method} {page.endpoint}: {asked} refusals, of which not each is in the log once"
    changed = scene.changed() if method == "POST" else []
    if changed:
        scene.store.restore()
        yield f"POST {page.endpoint}: somebody who was refused has changed {', '.join(changed)}"


def allowed(
    scene: Scene, page: Page, method: str, judged: Sequence[tuple[str, Relation, str]]
) -> Iterator[str]:
    """Ask as those for whom the record is there; yield what is wrong, and put back what they did."""
    for name, relation, _ in judged:
        path = scene.path(page.endpoint, scene.values(page.endpoint, relation))
        found = scene.ask(relation.person, method, path, page)
        if found != "ok":
            yield f"{method} {page.endpoint} as {name}: {found}, the table says ok"
        elif method == "POST":
            scene.store.restore()


@pytest.mark.parametrize("thing", TABLE["seen"])
def test_lists_name_nothing_that_is_out_of_reach(scene: Scene, thing: str) -> None:
    mark, seeing = scene.mark(thing), TABLE["seen"][thing]
    for person, (_, role) in PEOPLE.items():
        if person in NOBODYS:
            continue
        found = [path for path, text in scene.lists(person, role) if mark in text]
        assert bool(found) == (person in seeing), f"{thing}: {person} finds it on {found or 'no list'}"


def test_searching_finds_nothing_that_is_out_of_reach(scene: Scene) -> None:
    for folder, name in zip(("plain", "other", "kept", "passed"), worlds.NAMES, strict=True):
        ids = scene.world.folders[folder]
        for person, (_, role) in PEOPLE.items():
            if role not in pages()["survivors.search_survivors"].roles or person in NOBODYS:
                continue
            for asked in (name, ids["code"], ids["survivor_code"]):
                answer = scene.desk.ask(person, "POST", "/search", {"text": asked})
                hit = f"/cases/{ids['case_id']}" in answer.get_data(as_text=True)
                reaches = person in TABLE["seen"][f"case_id of {folder}"]
                assert hit == reaches, f"{person} searches the {folder} file by {asked!r}: {hit}"


def test_the_recipient_reads_who_comes_only_after_a_yes(scene: Scene) -> None:
    for relation, shows in (("keeper_before", False), ("recipient_before", False), ("keeper_after", True)):
        path = scene.path("referrals.show_bundle", scene.values("referrals.show_bundle", RELATIONS[relation]))
        page = scene.desk.ask(RELATIONS[relation].person, "GET", path).get_data(as_text=True)
        assert (worlds.CALLED in page) == shows, relation


@pytest.mark.parametrize("endpoint", ["incidents.add_incident", "incidents.change_incident"])
def test_a_draft_is_there_for_who_typed_it_alone(scene: Scene, endpoint: str) -> None:
    path = scene.path(endpoint, scene.values(endpoint, RELATIONS["owner"]))
    for person, shows in (("owner", True), ("assigned", False), ("covering", False), ("supervisor", False)):
        page = scene.desk.ask(person, "GET", path).get_data(as_text=True)
        assert (worlds.DRAFTED in page) == shows, person


def actor_of(scene: Scene, page: Page) -> tuple[str, str] | None:
    """Return somebody who may send the form of a page, and its address."""
    if not page.rows:
        person = next(person for role, person in ROLES.items() if role in page.roles)
        return person, scene.path(page.endpoint, {})
    for _, relation, expected in cells(scene, page):
        if expected == "ok":
            return relation.person, scene.path(page.endpoint, scene.values(page.endpoint, relation))
    return None


@pytest.mark.parametrize("endpoint", SENT)
def test_fields_that_a_form_does_not_have_change_nothing(scene: Scene, endpoint: str) -> None:
    page, world = pages()[endpoint], scene.world
    stranger = str(world.actor("supervisor_elsewhere").account_id)
    extras = {
        **dict.fromkeys(("owner_id", "author_id", "account_id", "assignee_id", "sender_id"), stranger),
        **dict.fromkeys(("supervisor_id", "actor_id", "approver_id", "owner", "account"), stranger),
        **dict.fromkeys(("unit_id", "from_unit_id", "to_unit_id", "unit"), str(world.units[NEXT_DOOR])),
        **dict.fromkeys(("case_id", "object_id"), world.folders["kept"]["case_id"]),
        **dict.fromkeys(("role", "roles", "roles_text"), "administrator"),
        "state": "closed",
        "kind": "owner",
        "held_beds": "0",
        "is_public": "yes",
        "_method": "DELETE",
        "opened_day": "2001-01-01",
        "until_day": "2099-01-01",
        "closed_day": "2001-01-01",
    }
    extras = {name: text for name, text in extras.items() if name not in page.fields}
    person, path = actor_of(scene, page) or ("", "")
    plainly = scene.desk.ask(person, "POST", path, scene.form(page)).status_code
    wanted = scene.store.shape()
    scene.store.restore()
    status = scene.desk.ask(person, "POST", path, {**extras, **scene.form(page)}).status_code
    assert (status, scene.store.shape()) == (plainly, wanted)


@pytest.mark.parametrize("endpoint", SENT)
def test_a_version_that_is_none_is_refused_without_an_effect(scene: Scene, endpoint: str) -> None:
    page, by_version = pages()[endpoint], endpoint in TABLE["versioned"]["pages"]
    person, path = actor_of(scene, page) or ("", "")
    if by_version:
        assert any(has_effect(scene, page, (person, path), version) for version in "1234"), (
            "one version must be taken, or this proves nothing"
        )
    for version in VERSIONS if by_version else VERSIONS[:1]:
        answer = scene.desk.ask(person, "POST", path, {**scene.form(page), "version": version})
        assert answer.status_code < 500, version
        assert not by_version or not scene.changed(), version
        scene.store.restore()


def has_effect(scene: Scene, page: Page, sender: tuple[str, str], version: str) -> bool:
    """Say whether a form is taken on a version, and put everything back."""
    person, path = sender
    scene.desk.ask(person, "POST", path, {**scene.form(page), "version": version})
    changed = bool(scene.changed())
    scene.store.restore()
    return changed


@pytest.mark.parametrize("endpoint", [endpoint for endpoint, page in pages().items() if page.needs_fresh])
def test_a_grave_act_waits_for_the_password(scene: Scene, endpoint: str) -> None:
    page = pages()[endpoint]
    person, path = actor_of(scene, page) or ("", "")
    with clock.frozen(worlds.NOW + timedelta(minutes=6)):
        answer = scene.desk.ask(person, "POST", path, scene.form(page))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/confirm")
    assert set(scene.changed()) <= {"held_post", "data_key"}
