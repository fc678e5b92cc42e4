"""Supporters first: the whole article goes to supporters and staff alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from articles.models import Article, Edition, Text
from articles.publishing import workflow
from newsroom.models import User
from subscriptions.models import Subscription


@pytest.fixture
def early(draft: Article) -> Edition:
    Text.objects.update(content="<p>One.</p><h2>Then</h2><p>Two.</p><p>Three.</p><p>Four.</p>")
    Article.objects.update(supporters_first=6)
    return workflow.publish(draft, by=None)


def _supporter(user: User, status: str = "active") -> Client:
    now = timezone.now()
    Subscription.objects.create(
        user=user, stripe_id="sub_1", status=status, amount=1000, currency="usd", started_at=now, current_period_end=now
    )
    client = Client()
    client.force_login(user)
    return client


def test_others_are_sent_the_beginning_alone_until_it_is_open(early: Edition, client: Client) -> None:
    response = client.get(early.get_absolute_url())
    assertContains(response, "Two.")
    assertNotContains(response, "Three.")
    assertContains(response, "Supporters read this report first.")
    Edition.objects.update(open_at=timezone.now() - timedelta(seconds=1))
    response = client.get(early.get_absolute_url())
    assertContains(response, "Three.")
    assertNotContains(response, "Supporters read this report first.")


def test_supporters_and_staff_read_it_whole_and_nobody_keeps_that_page(
    early: Edition, reader: User, editor: User, client: Client
) -> None:
    whole = f"{early.get_absolute_url()}whole/"
    assert client.get(whole).status_code == 302
    response = _supporter(reader).get(whole)
    assertContains(response, "Three.")
    assert response["Cache-Control"] == "private, no-store"
    staff = Client()
    staff.force_login(editor)
    assertContains(staff.get(whole), "Three.")
    Edition.objects.update(open_at=None)
    assertRedirects(staff.get(whole), early.get_absolute_url())


@pytest.mark.parametrize("status", ["canceled", "unpaid", "paused", "incomplete"])
def test_who_does_not_support_is_told_why(early: Edition, reader: User, status: str) -> None:
    response = _supporter(reader, status).get(f"{early.get_absolute_url()}whole/")
    assertContains(response, "which has no active subscription", status_code=403)
    assertNotContains(response, "Three.", status_code=403)
    back = f"{early.get_absolute_url()}whole/"
    assertContains(response, f'href="/support/subscribe/?came_from={back}"', status_code=403)


def test_a_later_edition_does_not_close_it_again(early: Edition, editor: User) -> None:
    later = workflow.publish(early.article, by=editor)
    assert later.open_at == early.open_at == early.first_published_at + timedelta(hours=6)


def test_search_does_not_find_it_by_words_that_others_cannot_read(early: Edition, client: Client) -> None:
    for query in ("Three", "Thr", '"Two Three"'):
        assertContains(client.get("/search/", {"q": query}), "Nothing", html=False)
    assertContains(client.get("/search/", {"q": "snow"}), early.get_absolute_url())
    Edition.objects.update(open_at=timezone.now() - timedelta(seconds=1))
    assertContains(client.get("/search/", {"q": "Three"}), early.get_absolute_url())


@pytest.mark.parametrize(
    ("body", "beginning"), [("<p>One.<br>Two.</p>", ""), ("<p>One.</p><p>Two.</p>", "<p>One.</p>")]
)
def test_at_least_half_is_held_back(early: Edition, body: str, beginning: str) -> None:
    early.body = body
    assert early.permitted_body == beginning
