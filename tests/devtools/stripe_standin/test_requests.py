"""Lists, expansion, idempotency, and what a site sets up."""

import pytest
import stripe

from tests.concurrency import all_at_once
from tests.devtools.stripe_standin.world import World


def test_a_list_is_read_page_by_page_in_both_directions(world: World) -> None:
    made = [world.customer().id for _ in range(5)][::-1]
    customers = world.client().v1.customers
    first = customers.list({"limit": 2})
    assert ([c.id for c in first.data], first.has_more) == (made[:2], True)
    second = customers.list({"limit": 2, "starting_after": made[1]})
    assert [c.id for c in second.data] == made[2:4]
    last = customers.list({"limit": 2, "starting_after": made[3]})
    assert ([c.id for c in last.data], last.has_more) == (made[4:], False)
    back = customers.list({"limit": 2, "ending_before": made[4]})
    assert [c.id for c in back.data] == made[2:4]
    assert [c.id for c in customers.list({"limit": 2}).auto_paging_iter()] == made
    for wrong in ({"limit": 0}, {"limit": 101}, {"starting_after": "cus_1"}):
        with pytest.raises(stripe.InvalidRequestError):
            customers.list(wrong)  # type: ignore[arg-type]


def test_lists_are_filtered(world: World) -> None:
    subscription, charge = world.subscription(), world.gift()
    client = world.client().v1
    customer = str(subscription.customer)
    assert [s.id for s in client.subscriptions.list({"customer": customer}).data] == [subscription.id]
    assert len(client.charges.list({"customer": customer}).data) == 1
    assert len(client.charges.list().data) == 2
    assert [c.id for c in client.charges.list({"payment_intent": str(charge.payment_intent)}).data] == [charge.id]
    assert len(client.payment_intents.list({"customer": customer}).data) == 1
    assert len(client.checkout.sessions.list({"status": "complete"}).data) == 2
    assert client.invoices.list({"status": "open"}).data == []
    now = world.read("health")["now"]
    assert client.charges.list({"created": {"gt": now + 60}}).data == []
    assert len(client.charges.list({"created": {"gte": now - 60, "lte": now + 60}}).data) == 2
    client.subscriptions.cancel(subscription.id)
    assert client.subscriptions.list({"customer": customer}).data == []
    assert len(client.subscriptions.list({"customer": customer, "status": "all"}).data) == 1
    (link,) = client.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": _intent_of(world, subscription)}}
    ).data
    assert link.invoice == subscription.latest_invoice


def _intent_of(world: World, subscription: stripe.Subscription) -> str:
    invoice = world.client().v1.invoices.retrieve(str(subscription.latest_invoice), {"expand": ["payments"]})
    assert invoice.payments is not None
    return str(invoice.payments.data[0].payment.payment_intent)


def test_ids_are_expanded_four_levels_deep_also_in_lists(world: World) -> None:
    subscription = world.subscription()
    client = world.client().v1
    found = client.subscriptions.retrieve(subscription.id, {"expand": ["customer", "latest_invoice.payments"]})
    assert isinstance(found.customer, stripe.Customer)
    listed = client.invoices.list({"expand": ["data.customer", "data.payments"]}).data[0]
    assert isinstance(listed.customer, stripe.Customer)
    assert listed.payments is not None
    payments = client.invoice_payments.list({"expand": ["data.payment.payment_intent"]}).data
    assert isinstance(payments[0].payment.payment_intent, stripe.PaymentIntent)
    for wrong in ("customer.email", "nothing", "a.b.c.d.e"):
        with pytest.raises(stripe.InvalidRequestError, match="expand"):
            client.subscriptions.retrieve(subscription.id, {"expand": [wrong]})


def test_the_same_key_gives_the_same_answer_and_other_parameters_are_a_400(world: World) -> None:
    customers = world.client().v1.customers
    first = customers.create({"email": "a@example.org"}, {"idempotency_key": "one"})
    again = customers.create({"email": "a@example.org"}, {"idempotency_key": "one"})
    assert again.id == first.id
    assert again.last_response is not None
    assert again.last_response.headers["idempotent-replayed"] == "true"
    for other in ({"email": "b@example.org"}, {}):
        with pytest.raises(stripe.IdempotencyError) as caught:
            customers.create(other, {"idempotency_key": "one"})  # type: ignore[arg-type]
        assert caught.value.http_status == 400
    assert len(customers.list().data) == 1
    # A request that was refused for its parameters may be mended under the same key.
    with pytest.raises(stripe.InvalidRequestError):
        customers.create({"email": "nobody"}, {"idempotency_key": "two"})
    assert customers.create({"email": "c@example.org"}, {"idempotency_key": "two"}).email == "c@example.org"


def test_a_key_in_use_is_a_409_and_the_work_is_done_once(world: World) -> None:
    results = all_at_once(
        lambda: world.client().v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "same"}), 6
    )
    made = {result.id for result in results if isinstance(result, stripe.Customer)}
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(made) == 1
    assert all(isinstance(error, stripe.APIError) and error.http_status == 409 for error in refused)
    assert len(world.client().v1.customers.list().data) == 1


def test_events_are_kept_for_thirty_days_and_say_whether_they_were_delivered(world: World) -> None:
    world.customer()
    events = world.client().v1.events
    assert [e.type for e in events.list({"delivery_success": False}).data] == ["customer.created"]
    assert events.list({"delivery_success": True}).data == []
    world.told()
    assert [e.type for e in events.list({"delivery_success": True, "types": ["customer.created"]}).data]
    assert events.list({"type": "customer.deleted"}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        events.list({"types": ["customer.created"] * 21})
    world.advance(31 * 86400)
    assert events.list().data == []


def test_product_and_price_are_found_again(world: World) -> None:
    client = world.client().v1
    product = client.products.create({"id": "support", "name": "Support", "metadata": {"site": "outlet"}})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.products.create({"id": "support", "name": "Support"})
    assert caught.value.code == "resource_already_exists"
    monthly = client.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 1000,
            "recurring": {"interval": "month"},
            "lookup_key": "monthly",
        }
    )
    with pytest.raises(stripe.InvalidRequestError, match="lookup key"):
        client.prices.create({"product": product.id, "currency": "usd", "unit_amount": 1, "lookup_key": "monthly"})
    newer = client.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 1500,
            "recurring": {"interval": "month"},
            "lookup_key": "monthly",
            "transfer_lookup_key": True,
        }
    )
    client.prices.update(monthly.id, {"active": False})
    (found,) = client.prices.list({"lookup_keys": ["monthly"], "active": True, "expand": ["data.product"]}).data
    assert found.id == newer.id
    assert isinstance(found.product, stripe.Product)
    session = client.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": "https://outlet.example/",
            "line_items": [{"price": newer.id, "quantity": 1}],
        }
    )
    assert session.amount_total == 1500
    assert client.checkout.sessions.line_items.list(session.id).data[0].amount_total == 1500


def test_a_portal_is_configured_and_opened_at_one_of_its_tasks(world: World) -> None:
    client = world.client().v1.billing_portal
    made = client.configurations.create(
        {
            "business_profile": {"headline": "The outlet"},
            "features": {"invoice_history": {"enabled": True}, "subscription_cancel": {"enabled": True}},
        }
    )
    assert made.features.subscription_cancel.mode == "at_period_end"
    client.configurations.update(made.id, {"features": {"subscription_cancel": {"enabled": False}}})
    (found,) = client.configurations.list({"active": True}).data
    assert (found.features.invoice_history.enabled, found.features.subscription_cancel.enabled) == (True, False)
    subscription = world.subscription()
    session = client.sessions.create(
        {
            "customer": str(subscription.customer),
            "configuration": made.id,
            "flow_data": {"type": "subscription_cancel", "subscription_cancel": {"subscription": subscription.id}},
        }
    )
    assert session.flow is not None
    assert session.flow.type == "subscription_cancel"
    with pytest.raises(stripe.InvalidRequestError):
        client.sessions.create({"customer": str(subscription.customer), "configuration": "bpc_1"})


def test_the_sites_own_endpoint_is_registered_and_hears_what_it_asks_for(world: World) -> None:
    endpoints = world.client().v1.webhook_endpoints
    (own,) = endpoints.list().data
    assert own.url == world.site.url
    endpoints.update(own.id, {"enabled_events": ["customer.deleted"]})
    customer = world.customer()
    world.client().v1.customers.delete(customer.id)
    assert world.told() == ["customer.deleted"]
    endpoints.update(own.id, {"enabled_events": ["*"], "disabled": True})
    world.customer()
    assert world.told() == []
    endpoints.update(own.id, {"disabled": False})
    world.customer()
    assert world.told() == ["customer.created"]

    other = endpoints.create({"url": "https://other.example/", "enabled_events": ["*"]})
    assert str(other.secret).startswith("whsec_")
    assert "secret" not in endpoints.retrieve(other.id)  # it is told once
    endpoints.delete(other.id)
    assert [endpoint.id for endpoint in endpoints.list().data] == [own.id]
