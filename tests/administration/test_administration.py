"""Administration below the pages: roles kept apart, what the log tells, where units lie."""

from collections import Counter

import pytest

from casemgr.accounts import queries as people
from casemgr.accounts import service as accounts
from casemgr.accounts.models import Account
from casemgr.administration import queries, service
from casemgr.audit import service as audit
from casemgr.audit.verify import Fault
from casemgr.db import Database
from casemgr.errors import Conflict, Forbidden, Refused
from casemgr.health.rules import Trouble
from casemgr.keys.service import Keyring
from casemgr.policy import GRANTS, Permission, Role
from tests.rig.staff import Work

OUTSIDERS = ["head", "worker", "supervisor", "officer"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_whoever_gives_out_roles_has_nothing_to_do_with_cases(work: Work, commune, role: Role) -> None:
    chief, roles = commune.administrator.actor, [Role.ADMINISTRATOR, role]
    harmless = {Role.REPORT_OFFICER}
    with work():
        if role in harmless:
            accounts.change_roles(chief, commune.worker.actor.account_id, roles)
            return
        with pytest.raises(Conflict) as refused:
            accounts.change_roles(chief, commune.worker.actor.account_id, roles)

    assert (refused.value.field, refused.value.reason) == ("roles", "apart")


def test_nobody_changes_their_own_roles(work: Work, commune) -> None:
    chief = commune.administrator.actor
    with work() as session:
        with pytest.raises(Refused) as refused:
            accounts.change_roles(chief, chief.account_id, [Role.SUPERVISOR])

        assert session.get_one(Account, chief.account_id).roles == {Role.ADMINISTRATOR}
    assert refused.value.reason == "own_account"


def test_an_unknown_unit_takes_no_account(work: Work, commune) -> None:
    with work(), pytest.raises(Conflict) as refused:
        service.add_person(
            commune.administrator.actor,
            sign_in_name="moi",
            name="Người Mới",
            unit_id=commune.administrator.actor.account_id,
            roles=[Role.LEADER],
        )

    assert refused.value.field == "unit_id"


@pytest.mark.parametrize("who", OUTSIDERS)
def test_only_administrators_look_after_accounts_and_units(
    work: Work, commune, database: Database, tmp_path, who: str
) -> None:
    actor = getattr(commune, who).actor
    with work():
        for ask in (
            lambda: queries.get_health(actor, database, tmp_path),
            lambda: queries.list_unit_trees(actor),
            lambda: queries.find_place(actor, parent_id=None, province_code="38", commune=""),
            lambda: accounts.change_roles(actor, commune.head.actor.account_id, [Role.SUPERVISOR]),
            lambda: service.add_person(
                actor, sign_in_name="moi", name="Mới", unit_id=commune.office_id, roles=[Role.LEADER]
            ),
        ):
            with pytest.raises(Forbidden):
                ask()


@pytest.mark.parametrize("who", ["head", "worker", "supervisor", "administrator"])
def test_only_the_data_protection_officer_reads_the_log(
    work: Work, commune, database: Database, keys: Keyring, tmp_path, who: str
) -> None:
    actor = getattr(commune, who).actor
    with work():
        for ask in (
            lambda: queries.list_role_changes(actor),
            lambda: queries.list_staff(actor),
            lambda: service.check_log(actor, database, keys, tmp_path, deep=False),
        ):
            with pytest.raises(Forbidden):
                ask()


def test_an_administrator_has_no_permission_on_any_case_or_tip() -> None:
    kinds = {permission.split(":")[0] for permission in GRANTS[Role.ADMINISTRATOR]}

    assert kinds == {"home", "account", "unit", "keys", "job", "directory"}
    assert Permission.AUDIT_READ not in GRANTS[Role.ADMINISTRATOR]


def test_every_way_to_see_more_is_told_to_the_data_protection_officer(work: Work, commune) -> None:
    chief, worker_id = commune.administrator.actor, commune.worker.actor.account_id
    with work():
        accounts.change_roles(chief, worker_id, [Role.CASE_WORKER, Role.SUPERVISOR])
        service.release(commune.officer.actor, people.list_requests(commune.officer.actor)[0].request_id)
    with work():
        told = queries.list_role_changes(commune.officer.actor)

    assert [entry.action for entry in told[:2]] == ["account:release", "account:ask"]
    assert [entry.actor_id for entry in told[:2]] == [commune.officer.actor.account_id, chief.account_id]
    assert {entry.object_id for entry in told[:2]} == {worker_id}
    assert told[0].detail == {
        "asked": "roles",
        "asked_by": str(chief.account_id),
        "before": ["case_worker"],
        "after": ["case_worker", "supervisor"],
    }
    assert Counter(entry.action for entry in told)["account:add"] == 7


def test_health_counts_accounts_and_says_nothing_else(
    work: Work, commune, database: Database, tmp_path
) -> None:
    with work():
        audit.checkpoint()
    with work(write=False):
        health = queries.get_health(commune.administrator.actor, database, tmp_path)

    assert health.accounts == {"active": 7}
    assert health.has_keys
    signs = health.signs
    assert signs.log.size >= signs.log.signed_size > 0
    assert signs.log.signed_at is not None
    assert all(0 < disk.free <= disk.total for disk in signs.disks)
    assert signs.backup_at is None
    assert {Trouble.NO_WORKER, Trouble.NO_BACKUP} <= set(health.troubles)


def test_the_count_of_keys_says_nothing_of_how_many_cases_or_tips_there_are(work: Work, commune) -> None:
    with work(write=False):
        counts = queries.list_key_counts(commune.administrator.actor)

    assert {count.purpose for count in counts} == {""}
    assert [count.state for count in counts] == ["active"]


def test_the_last_backup_is_known_by_its_note(work: Work, commune, database: Database, tmp_path) -> None:
    (tmp_path / "last-backup.json").write_text('{"at": "2026-06-01T02:00:00+00:00"}', encoding="utf-8")
    with work(write=False):
        health = queries.get_health(commune.administrator.actor, database, tmp_path)

    assert health.signs.backup_at is not None
    assert health.signs.backup_at.day == 1


def test_a_check_finds_the_log_whole_and_is_in_the_log(
    work: Work, commune, database: Database, keys: Keyring, tmp_path
) -> None:
    with work():
        verdict = service.check_log(commune.officer.actor, database, keys, tmp_path, deep=True)
    with work():
        newest = queries.audit.list_entries(
            commune.officer.actor, queries.Criteria(actions=("audit:verify",), limit=1)
        )

    assert verdict.exit_code == Fault.NONE
    assert verdict.cells > 0
    assert newest[0].detail == {"result": 0, "size": verdict.size}


def test_units_stand_below_the_one_they_belong_to(work: Work, commune) -> None:
    with work():
        trees = queries.list_unit_trees(commune.administrator.actor)

    shown = {node.unit.name: [lower.unit.name for lower in node.below] for node in trees}
    assert shown["UBND xã Cẩm Tú"] == ["Phòng Văn hóa – Xã hội", "Thôn Lương Ngọc", "Trạm y tế xã Cẩm Tú"]


@pytest.mark.parametrize(
    ("province", "commune_name", "found"),
    [
        ("", "", ("38", "15148")),
        ("38", "", ("38", None)),
        ("", "15148", ("38", "15148")),
        ("38", "xã cẩm tú", ("38", "15148")),
    ],
)
def test_a_unit_lies_where_it_says_or_where_the_unit_above_does(
    work: Work, commune, province: str, commune_name: str, found: tuple[str, str | None]
) -> None:
    with work():
        place = queries.find_place(
            commune.administrator.actor,
            parent_id=commune.council_id,
            province_code=province,
            commune=commune_name,
        )

    assert place == found


@pytest.mark.parametrize(
    ("commune_name", "reason"), [("Không Có Đâu", "unknown"), ("99999", "unknown"), ("Tân Tiến", "several")]
)
def test_a_name_that_fits_no_or_several_communes_is_asked_again(
    work: Work, commune, commune_name: str, reason: str
) -> None:
    with work(), pytest.raises(Conflict) as refused:
        queries.find_place(
            commune.administrator.actor, parent_id=None, province_code="", commune=commune_name
        )

    assert (refused.value.field, refused.value.reason) == ("commune", reason)
