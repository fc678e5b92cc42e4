"""A subscriber is erased by a worker that dies at each function in turn."""

from types import FrameType

from tests.subscriptions.conftest import StripeWorld
from tests.subscriptions.interrupted_erasure import is_interrupted_and_finished

MODULES = ("newsroom.privacy.erasure", "subscriptions.erasure", "subscriptions.stripe.customers", "comments.erasure")


def test_killed_at_any_step_nobody_is_gone_and_still_charged(stripe_world: StripeWorld) -> None:
    step, reached = 0, True
    while reached:
        step += 1
        reached = is_interrupted_and_finished(stripe_world, f"{step}@example.org", _AtStep(step))
    assert step > 20
    print(f"\nkilled at {step - 1} steps")


class _AtStep:
    """True at the n-th call of those modules."""

    def __init__(self, step: int) -> None:
        self.left = step

    def __call__(self, frame: FrameType) -> bool:
        self.left -= frame.f_globals.get("__name__") in MODULES
        return self.left == 0
