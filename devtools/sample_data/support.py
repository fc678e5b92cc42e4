"""Sample subscriptions (one reader in twenty) and donations (one in ten). Stripe knows nothing of them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Model

from devtools.sample_data.bulk_insert import bulk_insert
from devtools.sample_data.plan import DOMAIN, Plan
from subscriptions.models import Checkout, Donation, LedgerEntry, StripeEvent, Subscription, SubscriptionChange

MONTH = timedelta(days=30)
AMOUNT, CURRENCY = 1000, "usd"
COLUMNS: dict[type[Model], str] = {
    Checkout: "id public_id kind user_id amount currency status stripe_session_id expires_at created_at came_from",
    Subscription: (
        "id user_id stripe_id status amount monthly_amount currency started_at current_period_end ended_at begun_here"
    ),
    SubscriptionChange: "id subscription_id from_status to_status cause at",
    Donation: "id checkout_id user_id email amount currency payment_intent paid_at",
    LedgerEntry: "id kind stripe_id payment_intent amount currency donation_id subscription_id occurred_at",
    StripeEvent: "id stripe_id type object_id payload received_at applied_at outcome",
}


def fill(plan: Plan) -> None:
    """Create checkouts, subscriptions, donations, their ledger entries and events."""
    random = plan.random("money")

    with bulk_insert(COLUMNS) as rows:

        def add_checkout(kind: str, person: int | None, amount: int, status: str, at: datetime) -> int:
            pk = rows.next_pk(Checkout)
            path = f"/articles/invented-report-{1 + int(plan.articles * random.random() ** 3)}/"
            public_id, session = UUID(int=random.getrandbits(128), version=4), f"cs_invented_{pk}"
            rows.add(
                Checkout,
                pk,
                public_id,
                kind,
                person,
                amount,
                CURRENCY,
                status,
                session,
                at + timedelta(days=1),
                at,
                path,
            )
            return pk

        def add_payment(
            stripe_id: str, amount: int, at: datetime, *, donation: int | None = None, subscription: int | None = None
        ) -> None:
            rows.add(
                LedgerEntry,
                rows.next_pk(LedgerEntry),
                "payment",
                stripe_id,
                f"pi_{stripe_id}",
                amount,
                CURRENCY,
                donation,
                subscription,
                at,
            )
            event = rows.next_pk(StripeEvent)
            event_type = "invoice.paid" if subscription else "checkout.session.completed"
            rows.add(
                StripeEvent,
                event,
                f"evt_invented_{event}",
                event_type,
                stripe_id,
                "{}",
                at,
                at,
                "payment in the ledger",
            )

        for number, person in enumerate(plan.people):
            began = plan.now - timedelta(days=random.random() * 1_000)
            if number % 20 == 0:
                months, pk = random.randint(1, 30), rows.next_pk(Subscription)
                is_active = began + months * MONTH > plan.now
                ended, status = (None, "active") if is_active else (began + months * MONTH, "canceled")
                if is_active and number % 400 == 0:
                    status = "past_due"
                add_checkout("subscription", person, AMOUNT, "paid", began)
                rows.add(
                    Subscription,
                    *(
                        pk,
                        person,
                        f"sub_invented_{pk}",
                        status,
                        AMOUNT,
                        AMOUNT,
                        CURRENCY,
                        began,
                        plan.now + MONTH,
                        ended,
                        True,
                    ),
                )
                rows.add(SubscriptionChange, rows.next_pk(SubscriptionChange), pk, "", "active", "sample data", began)
                if status != "active":
                    rows.add(
                        SubscriptionChange,
                        rows.next_pk(SubscriptionChange),
                        pk,
                        "active",
                        status,
                        "sample data",
                        ended or plan.now,
                    )
                for month in range(months):
                    if (at := began + month * MONTH) < plan.now:
                        add_payment(f"in_invented_{pk}_{month}", AMOUNT, at, subscription=pk)
            if number % 10 == 1:
                amount, donation = random.choice((500, 1000, 2500, 5000)), rows.next_pk(Donation)
                checkout = add_checkout("donation", person, amount, "paid", began)
                address, intent = f"donor-{donation}@{DOMAIN}", f"pi_invented_{donation}"
                rows.add(Donation, donation, checkout, person, address, amount, CURRENCY, intent, began)
                add_payment(f"donation_invented_{donation}", amount, began, donation=donation)
            if number % 3 == 0:
                add_checkout("donation", None, 1000, "expired", began)
