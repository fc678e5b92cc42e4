"""Twenty thousand odd requests, different ones each time."""

import os

from articles.models import Edition
from newsroom.models import User
from tests import fuzz
from tests.newsroom.test_fuzz import world
from tests.subscriptions.conftest import StripeWorld

REQUESTS = int(os.environ.get("REQUESTS", "20000"))


def test_twenty_thousand_odd_requests_meet_no_error(edition: Edition, reader: User, stripe_world: StripeWorld) -> None:
    clients, real = world(edition, reader)
    print("\n" + fuzz.run(clients, real, requests=REQUESTS))
