"""The benchmark measures what it says: pages of somebody signed in, with cases of her own, sealed or not."""

import pytest

from benchmarks.filling import fill
from benchmarks.load import is_answered
from benchmarks.server import Unsealed
from casemgr.crypto.providers import FileProvider
from casemgr.db.session import Database
from casemgr.factory import create_app
from casemgr.keys.service import Keyring
from tests.rig.browsing import Browser
from tests.rig.databases import sqlite_url


@pytest.mark.parametrize("kind", [Keyring, Unsealed])
def test_the_filled_database_has_cases_that_their_owner_opens(tmp_path, kind, monkeypatch):
    monkeypatch.setattr("benchmarks.filling.WORKERS", 2)
    url = sqlite_url(tmp_path / "casemgr.db")
    filled = fill(url, tmp_path, 20, keyring=kind)
    database = Database(url)
    keys = kind(FileProvider(tmp_path / "root.keys").root_keys())
    browser = Browser(create_app(filled.settings, database, keys))
    browser.client.set_cookie("__Host-s", filled.tokens["worker"], domain="localhost", secure=True)

    page = browser.open(f"/cases/{filled.case_ids[0]}")
    assert browser.status == 200
    assert "Mẫu" in page
    browser.open("/search")
    assert browser.send(text=filled.numbers[3]).count('class="work"') == 1
    raw = (tmp_path / "casemgr.db").read_bytes() + (tmp_path / "casemgr.db-wal").read_bytes()
    assert (b"Ng\xc6\xb0\xe1\xbb\x9di M\xe1\xba\xabu G\xc3\xa2y Ra" in raw) is (kind is Unsealed)
    database.close()


@pytest.mark.parametrize(
    ("status", "way", "changes", "answered"),
    [
        (200, "", False, True),
        (303, "/unlock?next=x", False, False),
        (303, "/cases", False, False),
        (303, "/emergency/35e37a10-bada-4cde-89c6-be5254bdb7c4", True, True),
        (302, "/admin/auth/peercase/", True, True),
        (303, "/unlock?next=x", True, False),
        (302, "/admin/login/?next=x", True, False),
        (200, "", True, False),
        (422, "", True, False),
        (500, "", False, False),
    ],
)
def test_whoever_is_sent_to_the_door_is_not_measured_as_answered(status, way, changes, answered):
    assert is_answered(status, way, changes=changes) is answered
