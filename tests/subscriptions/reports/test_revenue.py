"""The publisher's figures, each against the rows that it is made of."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from newsroom.dates import midnight
from newsroom.models import User
from subscriptions import money
from subscriptions.models import Appeal, Checkout, Donation, LedgerEntry, Subscription, SubscriptionChange
from subscriptions.reports import charts, conversions, revenue
from subscriptions.reports.mrr_movements import Figure, Kind

DESK = "/admin/subscriptions/subscription/desk/"


def _first(months_ago: int = 0) -> datetime:
    """Noon of the second day of a month."""
    day = timezone.localdate().replace(day=1)
    for _ in range(months_ago):
        day = (day - timedelta(days=1)).replace(day=1)
    return midnight(day) + timedelta(days=1, hours=12)


def _subscription(name: str, *steps: tuple[str, datetime], amount: int = 1000) -> Subscription:
    """Create a subscription of this person with these changes (status, when)."""
    user = User.objects.filter(email=f"{name}@example.org").first() or User.objects.create_user(f"{name}@example.org")
    status, at = steps[-1]
    subscription = Subscription.objects.create(
        user=user,
        stripe_id=f"sub_{Subscription.objects.count()}",
        status=status,
        amount=amount,
        monthly_amount=amount,
        currency="usd",
        started_at=steps[0][1],
        current_period_end=at,
        ended_at=at if status == "canceled" else None,
        past_due_since=at if status == "past_due" else None,
    )
    for status, at in steps:
        SubscriptionChange.objects.create(subscription=subscription, to_status=status, cause="test", at=at)
    return subscription


@pytest.fixture
def history(db: None) -> None:
    """Three months ago two came; one left a month later, and came back in the last month; one never paid."""
    _subscription("asma", ("active", _first(3)))
    _subscription("bilal", ("active", _first(3)), ("past_due", _first(2)), ("canceled", _first(2)))
    _subscription("bilal", ("active", _first(1)), amount=1500)
    _subscription("zoya", ("incomplete", _first(1)), ("incomplete_expired", _first(1)))
    _subscription("omar", ("active", _first(2)), ("unpaid", _first(1)), ("active", _first(0)))


def test_each_month_follows_from_the_one_before(history: None) -> None:
    rows = revenue.months("usd")[-4:]
    assert [(m.supporters.count, m.supporters.amount) for m in rows] == [(2, 2000), (2, 2000), (2, 2500), (3, 3500)]
    moved = [{kind: m.moved[kind].count for kind in Kind} for m in rows]
    assert moved == [
        {"new": 2, "recovered": 0, "changed": 0, "lost": 0},
        {"new": 1, "recovered": 0, "changed": 0, "lost": 1},
        {"new": 0, "recovered": 1, "changed": 0, "lost": 1},
        {"new": 0, "recovered": 1, "changed": 0, "lost": 0},
    ]
    assert [m.churn for m in rows] == [None, 50, 50, 0]


def test_what_counts_now_is_what_the_months_add_up_to(history: None) -> None:
    supporters = revenue.current("usd")["supporters"]
    last = revenue.months("usd")[-1]
    assert supporters == last.supporters


def test_what_is_older_than_the_table_is_counted_in_its_first_month(db: None) -> None:
    _subscription("asma", ("active", _first(30)))
    first = revenue.months("usd")[0]
    assert (first.at_start.count, first.supporters.count, first.moved[Kind.NEW].count) == (1, 1, 0)


def test_a_month_ends_at_the_outlets_own_midnight(db: None) -> None:
    month = timezone.localdate().replace(day=1)
    just_before = datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(hours=5, minutes=31)
    just_after = just_before + timedelta(minutes=2)
    _subscription("asma", ("active", just_before))
    _subscription("bilal", ("active", just_after))
    assert [m.moved[Kind.NEW].count for m in revenue.months("usd")[-2:]] == [1, 1]


@pytest.fixture
def gifts(db: None) -> Appeal:
    appeal: Appeal = Appeal.objects.create(title="=Wetlands", slug="wetlands", sentence="x", text="x", goal=1000)
    for number, (amount, of) in enumerate([(2500, appeal), (500, None), (700, appeal)]):
        checkout = Checkout.objects.create(
            kind="donation",
            amount=amount,
            currency="usd",
            status="paid",
            expires_at=timezone.now(),
            appeal=of,
            came_from="/articles/snow/" if of else "",
        )
        donation = Donation.objects.create(
            checkout=checkout, amount=amount, currency="usd", payment_intent=f"pi_{number}", paid_at=_first()
        )
        LedgerEntry.objects.create(
            kind="payment",
            stripe_id=f"pi_{number}",
            amount=amount,
            currency="usd",
            donation=donation,
            occurred_at=_first(),
        )
    Checkout.objects.create(
        kind="subscription",
        amount=1000,
        currency="usd",
        expires_at=timezone.now(),
        came_from="/articles/snow/whole/",
        user=User.objects.create_user("x@example.org"),
    )
    return appeal


def test_gifts_and_articles(gifts: Appeal) -> None:
    assert [(row["appeal"], row["amount"], row["donations"]) for row in revenue.donations_by_appeal("usd")] == [
        ("=Wetlands", 3200, 2),
        ("", 500, 1),
    ]
    assert conversions.conversions() == [{"path": "/articles/snow/", "begun": 3, "subscriptions": 0, "donations": 2}]
    assert revenue.months("usd")[-1].donations == 3700


def test_every_figure_leads_to_the_rows_behind_it(publisher: User, history: None, gifts: Appeal) -> None:
    client = Client()
    client.force_login(publisher)
    page = client.get(DESK)
    context = page.context
    for row in context["now"]:
        shown = client.get(row["url"]).context["cl"].result_count
        assert shown == row["count"], row["title"]
    for month in context["months"]:
        for moved in [*month["moved"], month["supporters"]]:
            assert len(client.get(moved["url"]).context["rows"]) == moved["count"]
        entries = client.get(month["donations_url"]).context["cl"].queryset
        assert money.display(sum(entry.amount for entry in entries), "usd") == month["donations"]
    for row in context["appeals"]:
        assert client.get(row["url"]).context["cl"].result_count == row["donations"]


def test_beside_which_article_is_counted_and_not_kept_with_the_person(publisher: User, gifts: Appeal) -> None:
    counted = conversions.conversions()
    for _ in range(2):  # a second time, as after a killed worker
        conversions.forget_referrers()
        assert conversions.conversions() == counted
    (unpaid,) = Checkout.objects.exclude(came_from="")
    Checkout.objects.filter(pk=unpaid.pk).update(status="waiting")  # a bank takes a week
    conversions.forget_referrers(timezone.now() + timedelta(days=8))
    assert Checkout.objects.exclude(came_from="").get() == unpaid
    Checkout.objects.filter(pk=unpaid.pk).update(status="expired")
    conversions.forget_referrers(timezone.now() + timedelta(days=8))
    assert not Checkout.objects.exclude(came_from="").exists()
    assert conversions.conversions() == counted
    client = Client()
    client.force_login(publisher)
    assertContains(client.get(DESK), "/articles/snow/")
    assert "/articles/snow/,3,0,2" in client.get(f"{DESK}articles.csv").content.decode()
    assert "/articles/snow/" not in client.get("/admin/subscriptions/checkout/").content.decode()


def test_the_tables_as_csv(publisher: User, history: None, gifts: Appeal) -> None:
    client = Client()
    client.force_login(publisher)

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(client.get(f"{DESK}{name}.csv").content.decode())))

    assert rows("months")[-1]["mrr"] == "35.00"
    assert rows("months")[-1]["gifts"] == "37.00"
    assert rows("appeals")[0] == {"appeal": "'=Wetlands", "gifts": "2", "amount": "32.00", "currency": "USD"}
    assert rows("articles")[0]["article"] == "/articles/snow/"
    assert client.get(f"{DESK}other.csv").status_code == 404


@pytest.mark.parametrize("path", ["", "movements/?month=2026-10&kind=new", "months.csv"])
def test_the_figures_are_the_publishers(editor: User, path: str) -> None:
    client = Client()
    client.force_login(editor)
    assert client.get(DESK + path).status_code == 403


def test_an_outlet_without_supporters_has_a_desk(publisher: User) -> None:
    client = Client()
    client.force_login(publisher)
    assertContains(client.get(DESK), "No gift yet.")
    assert client.get(f"{DESK}movements/?month=x&kind=new").status_code == 404


def test_bars_stand_on_zero_and_stay_inside() -> None:
    columns = [("Jan", [("new", 300), ("lost", -100)]), ("Feb", [("new", 100), ("recovered", 50), ("lost", 0)])]
    chart = charts.bar_chart("x", columns, display=str, summary="y")
    assert len(chart.bars) == 4
    for bar in chart.bars:
        assert bar.y >= charts.HEAD - 1
        assert bar.y + bar.height <= charts.HEIGHT - charts.FOOT + 1
    up, down = chart.bars[0], chart.bars[1]
    assert up.y + up.height == pytest.approx(chart.zero)
    assert down.y == chart.zero
    assert up.height == pytest.approx(3 * down.height, abs=0.3)


def test_a_mixed_population_adds_up_to_a_table_made_by_hand(db: None) -> None:
    """Monthly, yearly, discounted, several items, of zero, paused by the publisher, failing, ended.

    | who     | pays                    | a month | counts |
    |---------|-------------------------|---------|--------|
    | asma    | $10 a month             |   10.00 | yes    |
    | bilal   | $100 a year             |    8.33 | yes    |
    | zoya    | $5 a month, half price  |    5.00 | yes    |
    | omar    | $15 a month, two items  |   15.00 | yes    |
    | haseena | nothing, all discounted |    0.00 | yes    |
    | farooq  | $10, payments paused    |       – | no     |
    | nusrat  | $10, card fails         |   10.00 | yes    |
    | junaid  | $10, ended              |       – | no     |

    Of what came in this month, $4 of asma's 10 were given back, bilal's 100 are disputed, and nusrat's dispute was won.
    """
    monthly = {"asma": 1000, "bilal": 833, "zoya": 500, "omar": 1500, "haseena": 0, "farooq": 1000, "nusrat": 1000}
    now = _first()
    made = {name: _subscription(name, ("active", _first(2)), amount=amount) for name, amount in monthly.items()}
    Subscription.objects.filter(pk=made["bilal"].pk).update(amount=10000, interval="year")
    _change(made["farooq"], now, "active", collection_paused=True)
    _change(made["nusrat"], now, "past_due")
    _subscription("junaid", ("active", _first(2)), ("canceled", now))
    current = revenue.current("usd")
    assert current["supporters"] == Figure(6, 1000 + 833 + 500 + 1500 + 0 + 1000)
    assert current["failing"] == Figure(1, 1000)
    months = revenue.months("usd")
    assert months[-1].supporters == current["supporters"]
    assert months[-2].supporters == Figure(8, 6833)
    assert months[-1].moved[Kind.LOST] == Figure(2, 2000)

    for name, *amounts in (("asma", 1000, -400), ("bilal", 10000, -10000), ("nusrat", 1000, -1000, 1000)):
        _enter(made[name], *amounts)
    assert revenue.months("usd")[-1].subscriptions == 600 + 0 + 1000


def test_somebody_who_changes_the_amount_stays_a_supporter(db: None) -> None:
    """She pays 10, then 25, is paused for a month, comes back with 25, and then pays 5."""
    asma = _subscription("asma", ("active", _first(4)))
    SubscriptionChange.objects.update(monthly_amount=1000)
    _change(asma, _first(3), "active", monthly_amount=2500)
    _change(asma, _first(2), "active", monthly_amount=2500, collection_paused=True)
    _change(asma, _first(1), "active", monthly_amount=2500)
    _change(asma, _first(0), "active", monthly_amount=500)
    months = revenue.months("usd")[-5:]
    assert [m.supporters for m in months] == [
        Figure(1, 1000),
        Figure(1, 2500),
        Figure(0, 0),
        Figure(1, 2500),
        Figure(1, 500),
    ]
    assert [m.moved[Kind.CHANGED].amount for m in months] == [0, 1500, 0, 0, -2000]
    assert months[3].moved[Kind.RECOVERED] == Figure(1, 2500)
    assert [m.rows("supporters", "usd")[0].amount for m in months if m.supporters.count] == [1000, 2500, 2500, 500]
    assert [row.amount for row in months[-1].rows("changed", "usd")] == [-2000]


def _change(subscription: Subscription, at: datetime, status: str, **more: object) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(status=status, **more)
    SubscriptionChange.objects.create(subscription=subscription, to_status=status, cause="test", at=at, **more)


def _enter(subscription: Subscription, paid: int, *moved: int) -> None:
    """Enter a payment, and what was taken back of it or returned."""
    usual = {"stripe_id": subscription.stripe_id, "currency": "usd", "subscription": subscription}
    usual["occurred_at"] = timezone.now()
    payment = LedgerEntry.objects.create(kind="payment", amount=paid, **usual)
    for amount in moved:
        kind = "dispute" if amount < 0 else "won"
        LedgerEntry.objects.create(kind=kind, amount=amount, payment=payment, **usual)
