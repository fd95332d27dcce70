"""The stage of the matrix, set up once for every test that asks what somebody sees."""

from collections.abc import Iterator
from typing import Any

import pytest

from casemgr import clock
from tests.policy import world as worlds
from tests.policy.scene import Scene, open_scene


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.frozen(worlds.NOW):
        yield


@pytest.fixture(scope="package")
def scenes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Call it with an engine for the scene on it; each is set up once."""
    opened: dict[str, Scene] = {}
    makers: dict[str, Iterator[Scene]] = {}

    def on(engine: str) -> Scene:
        if engine not in makers:
            makers[engine] = open_scene(engine, tmp_path_factory.mktemp(engine), request)
            opened[engine] = next(makers[engine])
        assert engine in opened, "the scene could not be set up; the first test that asked for it says why"
        return opened[engine]

    yield on
    for maker in makers.values():
        next(maker, None)


@pytest.fixture
def scene(scenes) -> Iterator[Scene]:
    """The scene on SQLite, put back afterwards."""
    found: Scene = scenes("sqlite")
    yield found
    found.store.restore()
