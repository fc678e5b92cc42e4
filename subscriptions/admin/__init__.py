"""The publisher's admin: the records of money, the revenue report, refunds and cancellations."""

from subscriptions.admin import records  # noqa: F401  (registers its models)
