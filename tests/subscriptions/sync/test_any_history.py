"""A few dozen histories, the same each time; `make drill` goes through thousands of random ones."""

import pytest

from tests.subscriptions.conftest import StripeWorld
from tests.subscriptions.sync.money_machine import run
from tests.subscriptions.sync.strange_money import StrangeMoney


@pytest.mark.usefixtures("db")
def test_whatever_happens_the_books_agree(stripe_world: StripeWorld) -> None:
    run(stripe_world, histories=24, steps=16, derandomize=True)


@pytest.mark.usefixtures("db")
def test_whatever_stripe_holds_nothing_raises_and_others_are_left_alone(stripe_world: StripeWorld) -> None:
    run(stripe_world, histories=8, steps=16, machine=StrangeMoney, derandomize=True)
