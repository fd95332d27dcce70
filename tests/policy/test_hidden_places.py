"""Where a hidden address lies stands nowhere but where it must, whoever asks for whatever page or file."""

import io
import re
import zipfile

from pypdf import PdfReader
from werkzeug.test import TestResponse

from casemgr.policy import Role
from tests.policy.asking import verdict
from tests.policy.scene import Scene
from tests.policy.table import RELATIONS, pages
from tests.policy.world import ADDRESS, PEOPLE

PLACE = ("Nhà ba gian", "cuối ngõ", "Rẽ phải", "sau cầu")
SIGNED_IN = [person for person in PEOPLE if person not in ("no_role", "disabled")]
KNOWS_OF_IT = {Role.CASE_WORKER, Role.SUPERVISOR, Role.KEEPER, Role.ADMINISTRATOR}
"""Who refers to it, keeps its register, lives by it, or gives out its accounts."""


def written_in(answer: TestResponse) -> str:
    """Return what a page or a file says, its packing taken off."""
    body = answer.get_data()
    if answer.mimetype == "application/pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    return f"{body.decode(errors='replace')} {answer.headers}"


def tells(text: str) -> list[str]:
    """Return which words of the place stand in a text, with line breaks and spaces as they come."""
    flat = re.sub(r"\s+", " ", text)
    return [word for word in PLACE if word in flat]


def test_the_words_of_the_place_are_found_where_they_may_stand(scene: Scene) -> None:
    """Otherwise the tests below would find nothing anywhere."""
    unit = scene.world.units[ADDRESS]
    register = scene.desk.ask("supervisor", "GET", f"/shelters/register/{unit}")
    assert tells(written_in(register)) == list(PLACE)
    plain = scene.world.folders["plain"]["case_id"]
    with_a_bed = f"/cases/{plain}/referrals/{scene.world.other['arrived_referral_id']}"
    assert tells(written_in(scene.desk.ask("owner", "GET", with_a_bed))) == list(PLACE)


def test_no_list_export_figure_or_title_tells_where_it_lies(scene: Scene) -> None:
    wrong, asked = [], 0
    for person in SIGNED_IN:
        for page in pages().values():
            role = PEOPLE[person][1]
            if "GET" in page.methods and role in page.roles and not scene.arguments(page.endpoint):
                answer, asked = scene.desk.ask(person, "GET", scene.path(page.endpoint, {})), asked + 1
                wrong += [f"{page.endpoint} as {person}: {word}" for word in tells(written_in(answer))]
    assert wrong == []
    assert asked > 300


def test_no_record_tells_it_to_anybody_without_a_bed_there(scene: Scene) -> None:
    found, asked = set(), 0
    for page in pages().values():
        for name, relation in RELATIONS.items() if page.rows and "GET" in page.methods else ():
            if relation.person == "signed_out" or PEOPLE[relation.person][1] not in page.roles:
                continue
            if not relation.applies_to(scene.arguments(page.endpoint), page.rows):
                continue
            path = scene.path(page.endpoint, scene.values(page.endpoint, relation))
            answer, asked = scene.desk.ask(relation.person, "GET", path), asked + 1
            if verdict(answer) == "ok" and tells(written_in(answer)):
                found.add((page.endpoint, name))
    register = ("supervisor", "conflicted_supervisor", "supervisor_restricted")
    assert {one for one in found if one[0] != "shelters.change_address"} == set()
    assert {name for _, name in found} <= {
        *register,
        *(f"supervisor_{part}" for part in ("of_stay", "of_ended")),
    }
    assert asked > 500


def test_a_search_does_not_find_it(scene: Scene) -> None:
    for person in SIGNED_IN:
        if PEOPLE[person][1] in pages()["survivors.search_survivors"].roles:
            for word in PLACE:
                answer = scene.desk.ask(person, "POST", "/search", {"text": word})
                text = written_in(answer)
                assert len(re.findall(re.escape(word), text)) <= text.count(f'value="{word}"'), person


def test_that_it_is_there_is_known_to_nobody_who_has_nothing_to_do_with_it(scene: Scene) -> None:
    unit, wrong = str(scene.world.units[ADDRESS]), []
    for person in SIGNED_IN:
        role = PEOPLE[person][1]
        for path, text in scene.lists(person, role):
            if role not in KNOWS_OF_IT and (unit in text or "Địa chỉ tin cậy Thôn Một" in text):
                wrong.append(f"{path} as {person}")
    assert wrong == []


def test_the_next_commune_and_the_other_keeper_learn_nothing_of_it(scene: Scene) -> None:
    unit, wrong = str(scene.world.units[ADDRESS]), []
    for person in ("supervisor_elsewhere", "leader_elsewhere", "keeper_elsewhere", "recipient"):
        for path, text in scene.lists(person, PEOPLE[person][1]):
            if unit in text or "Địa chỉ tin cậy Thôn Một" in text:
                wrong.append(f"{path} as {person}")
    assert wrong == []
