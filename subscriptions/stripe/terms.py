"""What a subscription costs, and how often: its prices, quantities and discounts as amounts.

The site itself sells one price, by the month or the year. The others can be made in Stripe's dashboard. What cannot be
an amount (tiers, metered use) is named in `not_understood`, for the publisher to look at, and counts as nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

import stripe

# How often each interval comes in a month.
_PER_MONTH = {"day": Fraction(365, 12), "week": Fraction(365, 84), "month": Fraction(1), "year": Fraction(1, 12)}
MAX_AMOUNT = 2**31 - 1  # minor units; the column's limit


@dataclass(frozen=True)
class Terms:
    """`amount`: minor units at each payment, after discounts; `monthly_amount`: what they are in a month."""

    amount: int
    interval: str
    interval_count: int
    monthly_amount: int
    not_understood: str

    @classmethod
    def from_stripe(cls, subscription: stripe.Subscription) -> Self:
        """Build them from a subscription whose discounts and their coupons are expanded."""
        problems: list[str] = []
        items = [_Item.from_stripe(item, subscription.currency, problems) for item in subscription.items.data]
        intervals = sorted({(item.interval, item.interval_count) for item in items}, key=lambda each: _months(*each))
        if not items:
            problems.append("it has no price")
        elif len(intervals) > 1:
            problems.append("it is charged at several intervals")
        interval, interval_count = intervals[0] if intervals else ("month", 1)
        total = Fraction(sum(item.amount for item in items))
        monthly = sum((item.amount / _months(item.interval, item.interval_count) for item in items), Fraction(0))
        coupons = list(_coupons(subscription, problems))
        discounted = _less(total, coupons, subscription.currency, problems)
        monthly *= discounted / total if total else 0
        if discounted > MAX_AMOUNT:
            problems.append("its amount is too large")
        return cls(
            amount=min(round(discounted), MAX_AMOUNT),
            interval=interval,
            interval_count=interval_count,
            monthly_amount=min(round(monthly), MAX_AMOUNT),
            not_understood="; ".join(dict.fromkeys(problems))[:200],
        )


@dataclass(frozen=True)
class _Item:
    amount: Fraction
    interval: str
    interval_count: int

    @classmethod
    def from_stripe(cls, item: stripe.SubscriptionItem, currency: str, problems: list[str]) -> Self:
        price = item.price
        recurring = price.recurring
        interval = recurring.interval if recurring else "month"
        if recurring is None or interval not in _PER_MONTH:
            problems.append("one of its prices does not recur")
            return cls(Fraction(0), "month", 1)
        amount = Fraction(0)
        if price.billing_scheme != "per_unit":
            problems.append("one of its prices has tiers")
        elif recurring.usage_type != "licensed":
            problems.append("one of its prices is charged by use")
        elif price.transform_quantity is not None:
            problems.append("one of its prices is charged by the package")
        elif price.currency != currency:
            problems.append("one of its prices is in another currency")
        else:
            quantity = getattr(item, "quantity", None)  # Stripe may leave it out
            amount = _unit_amount(price, problems) * (1 if quantity is None else quantity)
        if item.discounts:
            problems.append("one of its prices has a discount of its own")
        return cls(amount, interval, recurring.interval_count)


def _unit_amount(price: stripe.Price, problems: list[str]) -> Fraction:
    if price.unit_amount is not None:
        return Fraction(price.unit_amount)
    if price.unit_amount_decimal is not None:  # a part of the smallest unit
        return Fraction(Decimal(str(price.unit_amount_decimal)))
    problems.append("one of its prices has no amount")
    return Fraction(0)


def _months(interval: str, count: int) -> Fraction:
    """Return how many months this interval is long."""
    return count / _PER_MONTH[interval]


def _coupons(subscription: stripe.Subscription, problems: list[str]) -> Iterator[stripe.Coupon]:
    """Yield the coupons that lower each payment. One for a single payment says nothing about the others."""
    for discount in subscription.discounts or ():
        coupon = discount.source.coupon if isinstance(discount, stripe.Discount) else None
        if not isinstance(coupon, stripe.Coupon):
            problems.append("it has a discount without an amount")
        elif getattr(coupon, "applies_to", None) is not None:
            problems.append("it has a discount on some products alone")
        elif coupon.duration != "once":
            yield coupon
    customer = subscription.customer
    if isinstance(customer, stripe.Customer) and getattr(customer, "discount", None) and not subscription.discounts:
        problems.append("its customer has a discount")


def _less(total: Fraction, coupons: Sequence[stripe.Coupon], currency: str, problems: list[str]) -> Fraction:
    """Return the total after these discounts, one after the other, as Stripe counts them."""
    for coupon in coupons:
        if coupon.percent_off is not None:
            total *= 1 - Fraction(Decimal(str(coupon.percent_off))) / 100
        elif coupon.amount_off is not None and coupon.currency == currency:
            total -= coupon.amount_off
        else:
            problems.append("it has a discount in another currency")
    return max(total, Fraction(0))
