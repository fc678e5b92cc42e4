"""The dashboard shows each person what waits for them."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article, Author, Section
from articles.publishing import workflow
from newsroom.models import User
from subscriptions.models import Discrepancy, StripeEvent, Subscription
from tests.articles.support import signed_in
from tests.factories import make_article
from tests.subscriptions.conftest import StripeWorld, _standin, stripe_world

__all__ = ["_standin", "stripe_world"]


def _groups(client: Client) -> dict[str, int]:
    page = client.get("/admin/").content.decode()
    found = re.findall(r'<h2 id="group-\d+"><a [^>]*>([^<]+)</a> <span class="count">(\d+)', page)
    return {title: int(count) for title, count in found}


def test_an_article_waits_for_whoever_has_to_do_with_it_next(
    section: Section, author: Author, reporter: User, editor: User
) -> None:
    own, theirs = signed_in(reporter), signed_in(editor)
    assertContains(own.get("/admin/"), "Nothing waits for you.")
    article = make_article(section, author, headline="The bridge")
    Article.objects.update(created_by=reporter)
    assert _groups(own) == {"Begun by you": 1}
    assert _groups(theirs) == {}
    workflow.submit(article, by=reporter, expected="draft", note="By noon, please.")
    assert _groups(own) == {"With the desk": 1}
    assert _groups(theirs) == {"To be read": 1}
    assertContains(theirs.get("/admin/"), "By noon, please.")
    workflow.return_to_draft(article, by=editor, expected="in_review", note="Who built it?")
    assert _groups(own) == {"Sent back to you": 1}
    assertContains(own.get("/admin/"), "Who built it?")
    workflow.schedule(article, by=editor, expected="draft", at=timezone.now() + timedelta(days=1))
    assert _groups(theirs) == {"Scheduled": 1}
    workflow.publish(article, by=editor, expected="scheduled")
    assert _groups(theirs) == _groups(own) == {}


def test_money_waits_for_the_publisher_alone(publisher: User, editor: User, reader: User) -> None:
    now = timezone.now()
    Subscription.objects.create(
        user=reader,
        stripe_id="sub_1",
        status="past_due",
        past_due_since=now,
        amount=1000,
        currency="usd",
        started_at=now,
        current_period_end=now,
    )
    StripeEvent.objects.create(
        stripe_id="evt_1", type="invoice.paid", object_id="in_1", payload="{}", error="No such invoice"
    )
    assert _groups(signed_in(publisher)) == {"Payments at risk": 1, "Not applied": 1}
    assertContains(signed_in(publisher).get("/admin/"), "No such invoice")
    assertNotContains(signed_in(editor).get("/admin/"), "invoice")


def test_money_that_came_back_or_may_be_stolen_waits_until_it_is_given_back(
    publisher: User, client: Client, stripe_world: StripeWorld
) -> None:
    stolen, returned = stripe_world.gift(amount=2500), stripe_world.gift(amount=3000)
    stripe_world.control("fraud_warning", charge=stripe_world.charge_of(stolen.payment_intent))
    refunds = stripe_world.client().v1.refunds
    failed = refunds.create({"payment_intent": returned.payment_intent})
    stripe_world.control("fail_refund", refund=failed.id)
    types = ["radar.early_fraud_warning.created", "refund.created", "refund.failed"]
    stripe_world.tell(client, *types)
    Discrepancy.objects.create(kind="refund", stripe_id="re_1", words="is missing here")
    own = signed_in(publisher)
    assert _groups(own) == {"Warnings of fraud": 1, "Refunds that came back": 1, "Differences from Stripe": 1}
    page = own.get("/admin/").content.decode()
    for address in re.findall(r'<h2 id="group-[^>]+><a href="([^"]+)"', page):
        listed = own.get(address.replace("&amp;", "&")).content.decode()
        assert re.search(r"\b1 (ledger entry|discrepancy)\b", listed), address
    for gift in (stolen, returned):
        refunds.create({"payment_intent": gift.payment_intent})
    stripe_world.tell(client, *types)
    assert _groups(own) == {"Differences from Stripe": 1}


def test_the_first_page_costs_the_same_however_much_waits(
    section: Section, author: Author, editor: User, django_assert_max_num_queries: object
) -> None:
    for number in range(9):
        article = make_article(section, author, headline=f"Article {number}")
        workflow.submit(article, by=editor, expected="draft")
    client = signed_in(editor)
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        page = client.get("/admin/")
    assertContains(page, "All 9")
