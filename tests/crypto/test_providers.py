"""What root key providers promise: nothing without the passphrase or the kit, and rotations that hold."""

import json
import unicodedata

import pytest

from casemgr.crypto import keyfiles
from casemgr.crypto.kit import MistypedKit, kit_text, new_kit_key
from casemgr.crypto.passwords import Cost
from casemgr.crypto.providers import PASSPHRASE_COST, FileProvider, PassphraseProvider
from casemgr.crypto.rootkeys import RootKeys, dump_root_keys, load_root_keys, new_root_keys
from casemgr.errors import Locked, NotFound, Refused, SealError

QUICK = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "cây đa bến nước sân đình"
NEW_PASSPHRASE = "trăng lên đầu núi rất tròn"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "root.key"


@pytest.fixture
def sealed(path):
    """A passphrase provider and its recovery kit."""
    return PassphraseProvider.create(path, PASSPHRASE, cost=QUICK)


def test_a_file_gives_back_the_keys_it_was_made_with(path):
    made = FileProvider.create(path)
    assert FileProvider(path).root_keys() == made.root_keys()
    assert made.root_keys().current_id == "k1"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_may_reach_is_refused(path, mode):
    FileProvider.create(path)
    path.chmod(mode)
    with pytest.raises(Refused) as caught:
        FileProvider(path)
    assert caught.value.reason == "key_file_open_to_others"


def test_a_missing_file_means_that_the_system_is_locked(path):
    with pytest.raises(Locked):
        FileProvider(path)
    with pytest.raises(Locked):
        PassphraseProvider(path, PASSPHRASE)


def test_a_new_key_file_never_takes_the_place_of_another(path, sealed):
    before = path.read_bytes()
    for create in (
        lambda: FileProvider.create(path),
        lambda: PassphraseProvider.create(path, PASSPHRASE, cost=QUICK),
    ):
        with pytest.raises(Refused) as caught:
            create()
        assert caught.value.reason == "key_file_exists"
    assert path.read_bytes() == before


def test_the_passphrase_opens_the_file_in_either_spelling(path, sealed):
    provider, _ = sealed
    for form in ("NFC", "NFD"):
        opened = PassphraseProvider(path, unicodedata.normalize(form, PASSPHRASE))
        assert opened.root_keys() == provider.root_keys()


@pytest.mark.parametrize("tried", ["", PASSPHRASE + ".", PASSPHRASE.upper(), NEW_PASSPHRASE])
def test_a_wrong_passphrase_opens_nothing(path, sealed, tried):
    with pytest.raises(SealError):
        PassphraseProvider(path, tried)


def test_a_short_passphrase_is_refused(path):
    with pytest.raises(Refused) as caught:
        PassphraseProvider.create(path, "mười một kt", cost=QUICK)
    assert caught.value.reason == "passphrase_too_short"
    assert not path.exists()


def test_the_file_holds_no_key_in_the_clear_and_its_cost(path, sealed):
    provider, _ = sealed
    content = path.read_text()
    root_keys = provider.root_keys()
    for key in (*root_keys.versions.values(), root_keys.derivation_key):
        assert key.hex() not in content
    assert json.loads(content)["argon2id"].keys() == {"memory_kib", "passes", "lanes", "salt"}
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_standard_cost_is_a_quarter_of_a_gibibyte():
    assert PASSPHRASE_COST.memory_kib == 256 * 1024


def test_the_kit_sets_a_new_passphrase_and_the_old_one_ends(path, sealed):
    provider, kit = sealed
    recovered = PassphraseProvider.recover(path, kit, NEW_PASSPHRASE, cost=QUICK)
    assert recovered.root_keys() == provider.root_keys()
    assert PassphraseProvider(path, NEW_PASSPHRASE).root_keys() == provider.root_keys()
    with pytest.raises(SealError):
        PassphraseProvider(path, PASSPHRASE)


def test_a_mistyped_kit_names_the_group_and_changes_nothing(path, sealed):
    _, kit = sealed
    before = path.read_bytes()
    groups = kit.split("-")
    groups[3] = ("1" if groups[3][0] != "1" else "2") + groups[3][1:]
    with pytest.raises(MistypedKit) as caught:
        PassphraseProvider.recover(path, "-".join(groups), NEW_PASSPHRASE, cost=QUICK)
    assert caught.value.groups == (4,)
    assert path.read_bytes() == before


def test_the_kit_of_another_system_opens_nothing(path, sealed):
    with pytest.raises(SealError):
        PassphraseProvider.recover(path, kit_text(new_kit_key()), NEW_PASSPHRASE, cost=QUICK)


def test_the_kit_also_recovers_keys_that_were_added_later(path, sealed):
    provider, kit = sealed
    first = provider.root_keys()
    assert provider.add_root_key() == "k2"
    recovered = PassphraseProvider.recover(path, kit, NEW_PASSPHRASE, cost=QUICK).root_keys()
    assert recovered.current_id == "k2"
    assert recovered.versions["k1"] == first.versions["k1"]
    assert recovered.derivation_key == first.derivation_key


def test_a_renewed_kit_voids_the_printed_one(path, sealed):
    provider, old_kit = sealed
    kit = provider.renew_recovery_kit()
    with pytest.raises(SealError):
        PassphraseProvider.recover(path, old_kit, NEW_PASSPHRASE, cost=QUICK)
    assert PassphraseProvider.recover(path, kit, NEW_PASSPHRASE, cost=QUICK)


def test_a_changed_passphrase_keeps_keys_and_kit(path, sealed):
    provider, kit = sealed
    provider.change_passphrase(NEW_PASSPHRASE, cost=QUICK)
    assert PassphraseProvider(path, NEW_PASSPHRASE).root_keys() == provider.root_keys()
    with pytest.raises(SealError):
        PassphraseProvider(path, PASSPHRASE)
    assert PassphraseProvider.recover(path, kit, PASSPHRASE, cost=QUICK)


@pytest.mark.parametrize("kind", ["file", "passphrase"])
def test_root_keys_are_added_and_removed_in_the_file(path, kind):
    if kind == "file":
        provider = FileProvider.create(path)
    else:
        provider, _ = PassphraseProvider.create(path, PASSPHRASE, cost=QUICK)
    assert provider.name == kind
    assert (provider.add_root_key(), provider.add_root_key()) == ("k2", "k3")
    provider.remove_root_key("k1")
    reopened = FileProvider(path) if kind == "file" else PassphraseProvider(path, PASSPHRASE)
    assert reopened.root_keys() == provider.root_keys()
    assert list(reopened.root_keys().versions) == ["k2", "k3"]
    with pytest.raises(Refused):
        provider.remove_root_key("k3")
    with pytest.raises(NotFound):
        provider.remove_root_key("k1")


def test_every_changed_part_of_the_file_is_refused(path, sealed):
    document = json.loads(path.read_text())
    for name in ("passphrase", "vault"):
        flipped = f"{int(document[name], 16) ^ 1:0{len(document[name])}x}"
        path.write_text(json.dumps(document | {name: flipped}))
        with pytest.raises(SealError):
            PassphraseProvider(path, PASSPHRASE)


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 2**40},
        {"passes": 10**6},
        {"lanes": 0},
        {"memory_kib": 1},
        {"memory_kib": "much"},
        {"passes": None},
        {"salt": "00"},
        {"salt": 5},
    ],
)
def test_a_forged_cost_is_refused_before_it_costs(path, sealed, cost):
    document = json.loads(path.read_text())
    document["argon2id"] |= cost
    path.write_text(json.dumps(document))
    with pytest.raises(SealError):
        PassphraseProvider(path, PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format": "other"}', b"null"])
def test_a_file_of_something_else_is_refused(path, sealed, content):
    path.write_bytes(content)
    with pytest.raises(SealError):
        PassphraseProvider(path, PASSPHRASE)
    with pytest.raises(SealError):
        FileProvider(path)


def test_a_failed_write_leaves_the_old_file_and_no_rest(path, sealed, monkeypatch):
    provider, _ = sealed
    before = path.read_bytes()

    def fail(descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(keyfiles.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        provider.add_root_key()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert provider.root_keys().current_id == "k1"


def test_root_keys_do_not_show_when_printed():
    root_keys = new_root_keys()
    text = repr(root_keys)
    assert repr(root_keys.versions["k1"]) not in text
    assert repr(root_keys.derivation_key) not in text
    assert text == "RootKeys(current_id='k1')"


def test_root_keys_of_a_wrong_shape_are_refused():
    good = new_root_keys()
    with pytest.raises(SealError):
        RootKeys(versions=good.versions, current_id="k2", derivation_key=good.derivation_key)
    with pytest.raises(SealError):
        RootKeys(versions={"k1": b"short"}, current_id="k1", derivation_key=good.derivation_key)
    assert load_root_keys(dump_root_keys(good)) == good
