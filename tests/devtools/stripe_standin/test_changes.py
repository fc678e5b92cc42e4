"""A subscription's price and interval are changed; what is asked when somebody cancels; what the account says of itself."""

from typing import Any

import pytest
import stripe

from tests.devtools.stripe_standin.world import DAY, World


def _change(
    world: World, subscription: stripe.Subscription, interval: str, amount: int, **more: Any
) -> stripe.Subscription:
    item = subscription.items.data[0]
    data = {"currency": "usd", "product": str(item.price.product), "unit_amount": amount}
    items = [{"id": item.id, "price_data": {**data, "recurring": {"interval": interval}}}]
    params = {"items": items, "proration_behavior": "none", **more}
    return world.client().v1.subscriptions.update(subscription.id, params)  # type: ignore[arg-type]


def _charged(world: World, subscription: stripe.Subscription) -> list[int]:
    return [charge["amount"] for charge in world.read("charges")[subscription.customer]["charges"]]


def test_another_amount_is_charged_from_the_next_period_on(world: World) -> None:
    before = world.subscription()
    after = _change(world, before, "month", 1500, metadata={"chosen": "1500"})
    assert world.told() == ["price.created", "customer.subscription.updated"]
    (item,) = after.items.data
    assert (item.id, item.price.unit_amount) == (before.items.data[0].id, 1500)
    assert item.current_period_end == before.items.data[0].current_period_end
    assert after.metadata["chosen"] == "1500"
    assert _charged(world, before) == [1000]
    world.advance(32 * DAY)
    assert _charged(world, before) == [1000, 1500]


def test_another_interval_begins_a_period_that_is_charged_at_once(world: World) -> None:
    before = world.subscription()
    world.advance(3 * DAY)
    after = _change(world, before, "year", 10000)
    assert _charged(world, before) == [1000, 10000]
    (item,) = after.items.data
    assert item.current_period_end - item.current_period_start in (365 * DAY, 366 * DAY)
    world.advance(367 * DAY)
    assert _charged(world, before) == [1000, 10000, 10000]


def test_a_refused_card_leaves_the_interval_when_that_was_asked_for(world: World) -> None:
    before = world.subscription(fails_with="insufficient_funds")
    with pytest.raises(stripe.CardError):
        _change(world, before, "year", 10000, payment_behavior="error_if_incomplete")
    unchanged = world.client().v1.subscriptions.retrieve(before.id)
    assert unchanged == before
    assert _change(world, before, "year", 10000).status == "past_due"


def test_items_are_added_and_removed(world: World) -> None:
    sub = world.subscription()
    update = world.client().v1.subscriptions.update
    product, price = str(sub.items.data[0].price.product), sub.items.data[0].price.id
    two = update(sub.id, {"items": [{"price": price, "quantity": 3}], "proration_behavior": "none"})
    assert [item.quantity for item in two.items.data] == [1, 3]
    one = update(sub.id, {"items": [{"id": sub.items.data[0].id, "deleted": True}], "proration_behavior": "none"})
    assert [item.quantity for item in one.items.data] == [3]
    bad: list[Any] = [
        {"id": one.items.data[0].id, "deleted": True},
        {"id": "si_unknown", "price": price},
        {"price": "price_unknown"},
        {"price": price, "price_data": {"currency": "usd", "product": product, "recurring": {"interval": "month"}}},
    ]
    for item in bad:
        with pytest.raises(stripe.InvalidRequestError):
            update(sub.id, {"items": [item], "proration_behavior": "none"})
    with pytest.raises(stripe.InvalidRequestError, match="cannot prorate"):
        update(sub.id, {"items": [{"price": price}]})


def test_who_cancels_in_the_portal_can_say_why(world: World) -> None:
    sub = world.subscription()
    portal = world.client().v1.billing_portal
    reason: Any = {"enabled": True, "options": ["too_expensive", "other"]}
    settings = portal.configurations.create(
        {"features": {"subscription_cancel": {"enabled": True, "cancellation_reason": reason}}}
    )
    page = portal.sessions.create({"customer": str(sub.customer), "configuration": settings.id}).url
    assert "too expensive" in world.open(page).text
    form = {"subscription": sub.id, "feedback": "too_expensive", "comment": "Rent went up."}
    assert world.press(page, "cancel", **form).status == 303
    (event,) = world.client().v1.events.list({"type": "customer.subscription.updated"}).data
    details = event.data.object["cancellation_details"]
    assert (details["feedback"], details["comment"]) == ("too_expensive", "Rent went up.")
    world.press(page, "keep", **form)
    portal.configurations.update(settings.id, {"features": {"subscription_cancel": {"enabled": False}}})
    kept = portal.configurations.retrieve(settings.id).features.subscription_cancel.cancellation_reason
    assert kept.options == ["too_expensive", "other"]


def test_a_customer_and_an_endpoint_are_changed_in_place(world: World) -> None:
    customer = world.customer()
    world.client().v1.customers.update(customer.id, {"email": "new@example.org"})
    assert world.told() == ["customer.created", "customer.updated"]
    endpoints = world.client().v1.webhook_endpoints
    made = endpoints.create({"url": "https://old.example/", "enabled_events": ["*"], "metadata": {"site": "1"}})
    new: Any = {"url": "https://new.example/", "enabled_events": ["invoice.paid"], "metadata": {"site": "2"}}
    new["disabled"] = True
    after = endpoints.update(made.id, new)
    assert (after.url, after.enabled_events, after.status) == ("https://new.example/", ["invoice.paid"], "disabled")
    assert after.metadata["site"] == "2"


def test_the_account_says_what_a_site_may_check(world: World) -> None:
    account = world.client().v1.accounts.retrieve_current()
    assert account.default_currency == "usd"
    assert account.settings
    assert account.settings.payments.statement_descriptor
