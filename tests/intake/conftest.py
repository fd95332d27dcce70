"""An office with its people, opened in the database of the test."""

import pytest

from tests.rig.office import Office, open_office


@pytest.fixture
def office(work) -> Office:
    """A commune office with two workers, a supervisor, a leader, and a stranger from elsewhere."""
    with work():
        return open_office()
