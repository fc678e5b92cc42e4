"""The fixtures that drills take from other tests."""

from tests.subscriptions.conftest import _standin, stripe_world

__all__ = ["_standin", "stripe_world"]
