"""What drills need of the other tests' fixtures."""

from tests.subscriptions.conftest import _standin, stripe_world

__all__ = ["_standin", "stripe_world"]
