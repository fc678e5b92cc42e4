"""Reader support: offers, checkouts, subscriptions, donations, the ledger, and Stripe's events.

Stripe is the truth; these rows are a copy that can prove itself. Amounts are integers in minor units.
"""

from subscriptions.models.appeal import Appeal
from subscriptions.models.article_conversions import ArticleConversions
from subscriptions.models.checkout import Checkout
from subscriptions.models.customer import Customer
from subscriptions.models.discrepancy import Discrepancy
from subscriptions.models.dispute import Dispute
from subscriptions.models.donation import Donation
from subscriptions.models.email import SupportEmail
from subscriptions.models.guest_hold import Hold
from subscriptions.models.installation import Installation
from subscriptions.models.ledger import LedgerEntry
from subscriptions.models.offer import Offer, default_presets
from subscriptions.models.publisher_alert import PublisherAlert
from subscriptions.models.reconciliation_run import ReconciliationRun
from subscriptions.models.staff_action import StaffAction
from subscriptions.models.stripe_event import StripeEvent
from subscriptions.models.subscription import GRACE_PERIOD, Interval, Subscription, SubscriptionChange

__all__ = [
    "GRACE_PERIOD",
    "Appeal",
    "ArticleConversions",
    "Checkout",
    "Customer",
    "Discrepancy",
    "Dispute",
    "Donation",
    "Hold",
    "Installation",
    "Interval",
    "LedgerEntry",
    "Offer",
    "PublisherAlert",
    "ReconciliationRun",
    "StaffAction",
    "StripeEvent",
    "Subscription",
    "SubscriptionChange",
    "SupportEmail",
    "default_presets",
]
