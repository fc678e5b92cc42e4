"""One stand-in for all these tests, reset for each."""

from collections.abc import Iterator

import pytest

from tests.devtools.stripe_standin.world import Site, World


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    site = Site()
    world = World(tmp_path_factory.mktemp("standin-world"), site)
    world.start()
    yield world
    world.stop()
    site.stop()


@pytest.fixture
def world(_running: World) -> Iterator[World]:
    """A stand-in without history; the test fails if it breaches the contract."""
    _running.control("reset")
    _running.site.received.clear()
    _running.site.refused.clear()
    _running.site.answer = 200
    yield _running
    assert _running.read("health")["breaches"] == []
