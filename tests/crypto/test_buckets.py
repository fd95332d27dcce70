"""What the bucket index promises: coarse, keyed, and never the same in another unit, kind or version."""

from collections import Counter
from uuid import UUID

import pytest

from casemgr.crypto.buckets import bucket_key, bucket_of, bucket_width

INDEX_KEY = bytes(range(32))
UNIT = UUID("33333333-3333-4333-8333-333333333333")
PHONES = [f"09{number:08d}" for number in range(2000)]


def key(*, unit=UNIT, kind="phone", version=1):
    return bucket_key(INDEX_KEY, unit=unit, kind=kind, version=version)


@pytest.mark.parametrize(
    ("planned", "bits"),
    [(0, 3), (1, 3), (64, 3), (127, 3), (128, 4), (300, 5), (2000, 7), (50_000, 12), (10**9, 16)],
)
def test_the_width_follows_the_planned_number_of_rows(planned, bits):
    assert bucket_width(planned) == bits


def test_a_bucket_holds_about_eight_to_sixteen_people():
    counts = Counter(bucket_of(key(), phone, width=bucket_width(len(PHONES))) for phone in PHONES)
    assert len(counts) == 2**7
    assert len(PHONES) / len(counts) == pytest.approx(15.6, abs=0.1)
    assert max(counts.values()) < 40


def test_one_number_has_one_bucket():
    assert bucket_of(key(), "0912345678", width=7) == bucket_of(key(), "0912345678", width=7)
    assert bucket_of(key(), "0912345678", width=7) >> 2 == bucket_of(key(), "0912345678", width=5)


@pytest.mark.parametrize(
    "other", [{"unit": UUID(int=1)}, {"kind": "id_card"}, {"version": 2}], ids=["unit", "kind", "version"]
)
def test_buckets_of_two_indexes_say_nothing_of_each_other(other):
    here = [bucket_of(key(), phone, width=16) for phone in PHONES[:50]]
    there = [bucket_of(key(**other), phone, width=16) for phone in PHONES[:50]]
    assert here != there
