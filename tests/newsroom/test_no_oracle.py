"""Whoever types somebody's address is answered alike, whatever its owner is and did: in status, words and queries."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Edition
from comments.models import NetworkKey, Restriction
from comments.posting import post
from comments.posting.identity import commenter_by_email, commenter_of
from newsroom.models import User
from subscriptions.models import Subscription

TYPED = "somebody@example.org"
PASSWORD = "blue-houseboat-7"


def _member() -> User:
    person = User.objects.create_user(TYPED, "a-good-password", name="Somebody")
    EmailAddress.objects.create(user=person, email=TYPED, primary=True, verified=True)
    return person


def _known(edition: Edition) -> None:
    commenter_of(_member())


def _guest(edition: Edition) -> None:
    commenter_by_email(TYPED)


def _banned(edition: Edition) -> None:
    Restriction.objects.create(commenter=commenter_of(_member()), kind="ban", reason="Insults an officer.")


def _paced(edition: Edition) -> None:
    for number in range(5):
        reply = post.Reply(body=f"No {number}.", name="S", email=TYPED, network="n" * 64)
        post.post(reply, edition=edition, writer=None)


def _subscriber(edition: Edition) -> None:
    now = timezone.now()
    terms = {"amount": 1000, "currency": "usd", "started_at": now, "current_period_end": now}
    Subscription.objects.create(user=_member(), stripe_id="sub_1", status="active", **terms)


OWNERS = {"known": _known, "a guest": _guest, "banned": _banned, "paced": _paced, "a subscriber": _subscriber}


def _comment(client: Client, email: str, edition: Edition) -> Any:
    token = client.get("/overlay/").json()["token"]
    data = {"name": "Xx", "email": email, "body": "I ask who this is.", "csrfmiddlewaretoken": token}
    return client.post(f"{edition.get_absolute_url()}comments/", data)


# Each with how many queries more or fewer a person's address may take than an unknown one: allauth looks for people in one
# query or two, and writes the rows of a new account, in a hundredth of the time that its password's hash takes.
FORMS: dict[str, tuple[Callable[[Client, str, Edition], Any], int]] = {
    "comment": (_comment, 0),
    "sign in": (lambda client, email, _: client.post("/accounts/login/", {"login": email, "password": "not-it"}), 1),
    "sign up": (lambda client, email, _: client.post("/accounts/signup/", {"email": email, "password1": PASSWORD}), 9),
    "code": (lambda client, email, _: client.post("/accounts/login/code/", {"email": email}), 1),
    "new password": (lambda client, email, _: client.post("/accounts/password/reset/", {"email": email}), 1),
}


def _answer(form: str, email: str, edition: Edition) -> tuple[tuple[object, ...], int]:
    """Return what the form answers, and the number of its queries."""
    cache.clear()  # of the limits by network
    mail.outbox.clear()
    with CaptureQueriesContext(connection) as queries:
        response = FORMS[form][0](Client(), email, edition)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(email, "")
    mailed = [message.to == [email] for message in mail.outbox]
    return (response.status_code, response.get("Location"), page, mailed), len(queries)


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("form", FORMS)
def test_a_form_answers_alike_whoever_owns_the_address(form: str, owner: str, edition: Edition) -> None:
    OWNERS[owner](edition)
    NetworkKey.current()  # the first comment of a day makes it
    unknown, queries = _answer(form, "nobody@example.org", edition)
    answer, more = _answer(form, TYPED, edition)
    assert answer == unknown
    assert abs(more - queries) <= FORMS[form][1]
