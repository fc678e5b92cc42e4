"""The archive's money: of twenty readers one supporter, and gifts. Stripe knows nothing of it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Model

from devtools.sample_data.people import DOMAIN, Plan, filling
from subscriptions.models import Checkout, Donation, LedgerEntry, StripeEvent, Subscription, SubscriptionChange

MONTH = timedelta(days=30)
AMOUNT, CURRENCY = 1000, "usd"
COLUMNS: dict[type[Model], str] = {
    Checkout: "id public_id kind user_id amount currency status stripe_session_id expires_at created_at came_from",
    Subscription: "id user_id stripe_id status amount currency started_at current_period_end ended_at",
    SubscriptionChange: "id subscription_id from_status to_status cause at",
    Donation: "id checkout_id user_id email amount currency payment_intent paid_at",
    LedgerEntry: "id kind stripe_id payment_intent amount currency donation_id subscription_id occurred_at",
    StripeEvent: "id stripe_id type object_id payload received_at applied_at outcome",
}


def fill(plan: Plan) -> None:
    random = plan.random("money")

    with filling(COLUMNS) as rows:

        def checkout(kind: str, person: int | None, amount: int, status: str, at: datetime) -> int:
            pk = rows.take(Checkout)
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

        def paid(stripe_id: str, amount: int, at: datetime, *, gift: int | None = None, of: int | None = None) -> None:
            rows.add(
                LedgerEntry,
                rows.take(LedgerEntry),
                "payment",
                stripe_id,
                f"pi_{stripe_id}",
                amount,
                CURRENCY,
                gift,
                of,
                at,
            )
            event = rows.take(StripeEvent)
            what = "invoice.paid" if of else "checkout.session.completed"
            rows.add(
                StripeEvent, event, f"evt_invented_{event}", what, stripe_id, "{}", at, at, "payment in the ledger"
            )

        for number, person in enumerate(plan.people):
            began = plan.now - timedelta(days=random.random() * 1_000)
            if number % 20 == 0:
                months, pk = random.randint(1, 30), rows.take(Subscription)
                runs = began + months * MONTH > plan.now
                ended, status = (None, "active") if runs else (began + months * MONTH, "canceled")
                if runs and number % 400 == 0:
                    status = "past_due"
                checkout("subscription", person, AMOUNT, "paid", began)
                rows.add(
                    Subscription,
                    *(pk, person, f"sub_invented_{pk}", status, AMOUNT, CURRENCY, began, plan.now + MONTH, ended),
                )
                rows.add(SubscriptionChange, rows.take(SubscriptionChange), pk, "", "active", "archive", began)
                if status != "active":
                    rows.add(
                        SubscriptionChange,
                        rows.take(SubscriptionChange),
                        pk,
                        "active",
                        status,
                        "archive",
                        ended or plan.now,
                    )
                for month in range(months):
                    if (at := began + month * MONTH) < plan.now:
                        paid(f"in_invented_{pk}_{month}", AMOUNT, at, of=pk)
            if number % 10 == 1:
                amount, gift = random.choice((500, 1000, 2500, 5000)), rows.take(Donation)
                of = checkout("donation", person, amount, "paid", began)
                address, intent = f"giver-{gift}@{DOMAIN}", f"pi_invented_{gift}"
                rows.add(Donation, gift, of, person, address, amount, CURRENCY, intent, began)
                paid(f"gift_invented_{gift}", amount, began, gift=gift)
            if number % 3 == 0:
                checkout("donation", None, 1000, "expired", began)
