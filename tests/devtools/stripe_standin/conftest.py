"""One stand-in for all these tests, and a new world in it for each."""

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
    """Nothing has happened yet. Whatever happens, the stand-in must not say what Stripe cannot say."""
    _running.control("reset")
    _running.site.received.clear()
    _running.site.refused.clear()
    _running.site.answer = 200
    yield _running
    assert _running.read("health")["breaches"] == []
