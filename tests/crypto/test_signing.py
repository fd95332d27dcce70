"""What signatures promise: a published vector, and checkpoints that cannot be altered or borrowed."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.crypto.signing import (
    Checkpoint,
    new_signing_key,
    open_checkpoint,
    public_key_of,
    sign,
    sign_checkpoint,
    verifier_line,
    verify,
)
from casemgr.errors import SealError

KEY = bytes(range(32))
PUBLIC = public_key_of(KEY)
ORIGIN = "casemgr.example/audit"
CHECKPOINT = Checkpoint(origin=ORIGIN, size=1234, root=bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT, KEY)


def test_signatures_match_the_first_vector_of_rfc_8032():
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )
    assert public_key_of(secret) == public
    assert sign(secret, b"") == signature
    verify(public, b"", signature)


def test_a_signature_belongs_to_one_message_and_one_key():
    signature = sign(KEY, b"message")
    for public, message, tried in [
        (PUBLIC, b"another", signature),
        (public_key_of(new_signing_key()), b"message", signature),
        (PUBLIC, b"message", signature[:-1]),
        (b"short", b"message", signature),
    ]:
        with pytest.raises(SealError):
            verify(public, message, tried)


def test_a_checkpoint_has_the_published_form():
    lines = NOTE.split("\n")
    assert lines[:4] == [ORIGIN, "1234", base64.b64encode(bytes(range(32))).decode(), ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert lines[5:] == [""]


def test_the_line_for_verifiers_names_the_same_key_as_the_note():
    name, key_hash, encoded = verifier_line(ORIGIN, PUBLIC).split("+", 2)
    assert name == ORIGIN
    assert base64.b64decode(encoded) == b"\x01" + PUBLIC
    assert base64.b64decode(NOTE.split()[-1])[:4].hex() == key_hash


def test_the_key_hash_is_that_of_the_go_notary():
    # The example key of golang.org/x/mod/sumdb/note.
    line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    public = base64.b64decode(line.split("+", 2)[2])[1:]
    assert verifier_line("PeterNeumann", public) == line


@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_reads_back(size, root):
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=root)
    assert open_checkpoint(sign_checkpoint(checkpoint, KEY), PUBLIC, origin=ORIGIN) == checkpoint


def test_a_witness_may_sign_beside_us():
    theirs = "— witness.example/office AAAAAAAA\n"
    text, own = NOTE.split("\n\n")
    assert open_checkpoint(NOTE + theirs, PUBLIC, origin=ORIGIN) == CHECKPOINT
    assert open_checkpoint(f"{text}\n\n{theirs}{own}", PUBLIC, origin=ORIGIN) == CHECKPOINT


def test_every_changed_sign_is_refused():
    for position in range(len(NOTE) - 1):
        changed = NOTE[:position] + ("A" if NOTE[position] != "A" else "B") + NOTE[position + 1 :]
        with pytest.raises(SealError):
            open_checkpoint(changed, PUBLIC, origin=ORIGIN)


def test_another_origin_or_key_is_refused():
    with pytest.raises(SealError):
        open_checkpoint(NOTE, PUBLIC, origin="elsewhere.example/audit")
    with pytest.raises(SealError):
        open_checkpoint(NOTE, public_key_of(bytes(32)), origin=ORIGIN)


@pytest.mark.parametrize(
    "body", ["", "{o}\n1\n", "{o}\n01\n{r}\n", "{o}\n1\n{r}\nextra\n", "{o}\n-1\n{r}\n", "{o}\n1\nAAAA\n"]
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(body):
    text = body.format(o=ORIGIN, r=base64.b64encode(bytes(32)).decode())
    key_hash = base64.b64decode(NOTE.split()[-1])[:4]
    signature = base64.b64encode(key_hash + sign(KEY, text.encode())).decode()
    with pytest.raises(SealError):
        open_checkpoint(f"{text}\n— {ORIGIN} {signature}\n", PUBLIC, origin=ORIGIN)


@given(st.text(max_size=200))
def test_any_text_is_refused(text):
    with pytest.raises(SealError):
        open_checkpoint(text, PUBLIC, origin=ORIGIN)


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\nb"])
def test_an_origin_without_a_plain_name_is_not_signed(origin):
    with pytest.raises(ValueError, match="not a checkpoint"):
        sign_checkpoint(Checkpoint(origin=origin, size=1, root=bytes(32)), KEY)
